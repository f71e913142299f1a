#include "cluster/certificates/authority.hpp"

#include "tests/cluster/certificates/fixture.hpp"

#include <filesystem>

using namespace std::string_literals;

namespace mfo::cluster::certificates {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

struct an_authority : certificates_fixture {
  const std::string certificate = ca + "/ca.crt";
  const std::string key = ca + "/ca.key";

  std::string why_not_loaded() const {
    const auto loaded = load_authority(ca, now);
    return loaded ? "it was loaded" : loaded.error().text;
  }
};

TEST_F(an_authority, is_a_certificate_for_all_and_a_key_for_its_owner) {
  const auto result = make_ca();
  EXPECT_EQ(result.files.certificate, certificate);
  EXPECT_EQ(result.files.key, key);
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("ca.crt", "ca.key"));
  EXPECT_EQ(mode_of(certificate), 0644u);
  EXPECT_EQ(mode_of(key), 0600u);
}

TEST_F(an_authority, says_whose_it_is_and_how_long) {
  const auto about = make_ca().certificate;
  EXPECT_EQ(about.subject, "CN=test cluster CA");
  EXPECT_EQ(about.issuer, about.subject);
  EXPECT_THAT(about.names, IsEmpty());
  EXPECT_EQ(about.not_before, now - 1h);
  EXPECT_EQ(about.not_after, now + 24h * 3650);
}

TEST_F(an_authority, is_read_by_the_openssl_program_as_a_root_for_nodes_only) {
  make_ca();
  const auto text = openssl({"x509", "-in", certificate, "-noout", "-text"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.text,
              AllOf(HasSubstr("Version: 3 (0x2)"),
                    HasSubstr("Signature Algorithm: ecdsa-with-SHA256"),
                    HasSubstr("Issuer: CN = test cluster CA"),
                    HasSubstr("Not Before: Nov 28 11:00:00 2026 GMT"),
                    HasSubstr("Not After : Nov 25 12:00:00 2036 GMT"),
                    HasSubstr("NIST CURVE: P-256"),
                    HasSubstr("X509v3 Basic Constraints: critical\n"
                              "                CA:TRUE, pathlen:0\n"),
                    HasSubstr("X509v3 Key Usage: critical\n"
                              "                Certificate Sign, CRL Sign\n"),
                    HasSubstr("X509v3 Subject Key Identifier: ")));
  EXPECT_EQ(openssl({"pkey", "-in", key, "-noout", "-check"}).status, 0);
}

TEST_F(an_authority, verifies_itself_from_an_hour_before_to_its_end) {
  make_ca(24h);
  const auto at = [&](std::chrono::sys_seconds when) {
    return verify(certificate, certificate, X509_PURPOSE_ANY, when);
  };
  EXPECT_EQ(at(now), X509_V_OK);
  EXPECT_EQ(at(now - 1h), X509_V_OK);
  EXPECT_EQ(at(now - 1h - 1s), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(at(now + 24h - 1s), X509_V_OK);
  EXPECT_EQ(at(now + 24h), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(an_authority, is_never_overwritten) {
  make_ca();
  const auto former = read(certificate) + read(key);
  const auto again = init_ca(ca, {"test"}, now);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().what, fault::system);
  EXPECT_EQ(again.error().text,
            certificate + ": already exists, and is not overwritten, as nodes "
                          "may trust it; give another folder, or move ca.crt "
                          "and ca.key away to begin a new cluster");
  EXPECT_EQ(read(certificate) + read(key), former);
  std::filesystem::remove(certificate);
  EXPECT_THAT(text_of_failure(init_ca(ca, {"test"}, now)),
              StartsWith(key + ": already exists"));
  EXPECT_THAT(file_names(ca), ElementsAre("ca.key"));
}

TEST_F(an_authority, is_not_made_for_a_cluster_with_a_hostile_name) {
  for (const auto& bad : {""s, "../x"s, "a\nb"s, "a\0b"s, std::string(54, 'x')})
    EXPECT_EQ(init_ca(ca, {bad}, now).error().what, fault::request) << bad;
  EXPECT_FALSE(is_there(ca));
}

TEST_F(an_authority, has_a_name_that_just_fits) {
  const std::string longest(53, 'x');
  const auto result = init_ca(ca, {longest}, now);
  EXPECT_EQ(take(result).certificate.subject, "CN=" + longest + " cluster CA");
}

TEST_F(an_authority, is_not_made_without_a_lifetime) {
  EXPECT_EQ(init_ca(ca, {"test", 0s}, now).error().what, fault::request);
  EXPECT_FALSE(is_there(ca));
}

TEST_F(an_authority, needs_a_folder_that_can_be_made) {
  const auto file = folder.write("file", "");
  for (const auto& bad : {file, file + "/below"})
    EXPECT_THAT(text_of_failure(init_ca(bad, {"test"}, now)),
                AllOf(StartsWith(bad), HasSubstr("cannot be made: ")));
}

TEST_F(an_authority, is_loaded_as_it_was_made) {
  const auto written = make_ca();
  const auto loaded = load_authority(ca, now);
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(loaded->about.subject, written.certificate.subject);
  EXPECT_TRUE(is_pair(loaded->certificate.get(), loaded->key.get()));
}

TEST_F(an_authority, is_refused_where_there_is_none) {
  EXPECT_THAT(why_not_loaded(),
              AllOf(StartsWith(certificate + ": cannot be found; "),
                    HasSubstr("init-ca")));
  make_ca();
  std::filesystem::remove(key);
  EXPECT_THAT(why_not_loaded(), StartsWith(key + ": cannot be found; "));
}

TEST_F(an_authority, is_refused_where_a_file_is_no_good) {
  make_ca();
  const auto good = read(key);
  folder.write("ca/ca.key", "");
  EXPECT_THAT(why_not_loaded(), StartsWith(key + ": holds no private key"));
  folder.write("ca/ca.key", good);
  folder.write("ca/ca.crt", good);
  EXPECT_THAT(why_not_loaded(),
              StartsWith(certificate + ": holds no certificate"));
}

TEST_F(an_authority, is_refused_where_its_key_is_encrypted) {
  make_ca();
  ASSERT_EQ(openssl({"pkey", "-in", key, "-aes-256-cbc", "-passout", "pass:x",
                     "-out", folder / "locked"})
                .status,
            0);
  std::filesystem::rename(folder / "locked", key);
  EXPECT_THAT(why_not_loaded(), StartsWith(key + ": is encrypted; take the "));
}

TEST_F(an_authority, is_refused_where_its_key_is_anothers) {
  make_ca();
  take(init_ca(folder / "other", {"other"}, now));
  std::filesystem::rename(folder / "other/ca.key", key);
  EXPECT_EQ(why_not_loaded(), key + ": is not the key of " + certificate +
                                  "; put back the two files that were made "
                                  "together");
}

TEST_F(an_authority, is_refused_where_it_is_a_nodes_certificate) {
  make_ca();
  issue_node({"n1"});
  std::filesystem::rename(ca + "/n1.crt", certificate);
  std::filesystem::rename(ca + "/n1.key", key);
  EXPECT_THAT(why_not_loaded(), StartsWith(certificate + ": is no CA's"));
}

TEST_F(an_authority, is_refused_before_and_after_its_time) {
  make_ca(24h);
  now += 24h - 1s;
  EXPECT_TRUE(load_authority(ca, now));
  now += 1s;
  EXPECT_THAT(why_not_loaded(),
              AllOf(StartsWith(certificate + ": is not valid since "
                                             "2026-11-29T12:00:00.000Z; "),
                    HasSubstr("another CA")));
  now -= 25h;
  EXPECT_TRUE(load_authority(ca, now));
  now -= 1s;
  EXPECT_EQ(why_not_loaded(),
            certificate + ": is not valid before 2026-11-28T11:00:00.000Z, and "
                          "it is 2026-11-28T10:59:59.000Z now; set this host's "
                          "clock");
}

} // namespace

} // namespace mfo::cluster::certificates
