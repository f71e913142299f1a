#include "cluster/certificates/describe.hpp"

#include "tests/cluster/certificates/fixture.hpp"

namespace mfo::cluster::certificates {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::StartsWith;

using a_description = certificates_fixture;

TEST_F(a_description, is_of_the_first_certificate_of_a_file) {
  make_ca();
  const auto node = issue_node({"n1", {"10.0.0.1"}}).node;
  const auto both = folder.write("both.pem", read(node.files.certificate) +
                                                 read(ca + "/ca.crt"));
  const auto about = describe(both);
  ASSERT_TRUE(about) << about.error().text;
  EXPECT_EQ(about->subject, "CN=n1");
  EXPECT_EQ(about->issuer, "CN=test cluster CA");
  EXPECT_THAT(about->names, ElementsAre("DNS:n1", "IP:10.0.0.1"));
  EXPECT_EQ(about->not_before, now - 1h);
  EXPECT_EQ(about->not_after, now + 24h * 90);
}

TEST_F(a_description, tells_what_others_put_into_a_certificate) {
  const auto file = folder / "other.crt";
  ASSERT_EQ(openssl({"req", "-x509", "-newkey", "ed25519", "-nodes", "-utf8",
                     "-subj", "/O=A, B/CN=J\u00fcrgen\n", "-addext",
                     "subjectAltName=URI:spiffe://a/b,email:a@b,DNS:*.a,"
                     "IP:::1,RID:1.2.3",
                     "-keyout", folder / "other.key", "-out", file})
                .status,
            0);
  const auto about = describe(file);
  ASSERT_TRUE(about) << about.error().text;
  EXPECT_EQ(about->subject, "CN=J\u00fcrgen\\0A,O=A\\, B");
  EXPECT_THAT(about->names, ElementsAre("URI:spiffe://a/b", "email:a@b",
                                        "DNS:*.a", "IP:::1", "other"));
}

TEST_F(a_description, is_refused_where_the_names_cannot_be_read) {
  const auto file = folder / "broken.crt";
  // A sequence that announces more than it has.
  ASSERT_EQ(openssl({"req", "-x509", "-newkey", "ed25519", "-nodes", "-subj",
                     "/CN=a", "-addext", "2.5.29.17=DER:30:05:82:01", "-keyout",
                     folder / "broken.key", "-out", file})
                .status,
            0);
  EXPECT_THAT(text_of_failure(describe(file)),
              StartsWith(file + ": its names or times cannot be read ("));
}

TEST_F(a_description, is_refused_where_there_is_no_certificate) {
  const auto missing = folder / "missing.crt";
  EXPECT_THAT(text_of_failure(describe(missing)),
              StartsWith(missing + ": No such file or directory; "));
  const auto empty = folder.write("empty.crt", "");
  EXPECT_THAT(text_of_failure(describe(empty)),
              StartsWith(empty + ": holds no certificate"));
}

TEST_F(a_description, counts_whole_days) {
  description about;
  about.not_after = now;
  EXPECT_EQ(days_left(about, now - 48h), 2);
  EXPECT_EQ(days_left(about, now - 48h + 1s), 1);
  EXPECT_EQ(days_left(about, now - 1s), 0) << "the last day";
  EXPECT_EQ(days_left(about, now), 0);
  EXPECT_EQ(days_left(about, now + 1s), -1);
  EXPECT_EQ(days_left(about, now + 24h), -1);
}

} // namespace

} // namespace mfo::cluster::certificates
