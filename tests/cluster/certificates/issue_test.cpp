#include "cluster/certificates/issue.hpp"

#include "tests/cluster/certificates/fixture.hpp"

using namespace std::string_literals;

namespace mfo::cluster::certificates {

namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;

struct an_issued_certificate : certificates_fixture {
  const std::string root = ca + "/ca.crt";
  const std::string certificate = ca + "/n1.crt";
  const std::string key = ca + "/n1.key";

  std::string why_not_issued(const node_request& request) const {
    const auto result = issue(ca, request, now);
    return result ? "it was issued" : result.error().text;
  }

  std::string fingerprint() const {
    return openssl({"x509", "-in", certificate, "-noout", "-fingerprint"}).text;
  }
};

TEST_F(an_issued_certificate, is_for_all_and_its_key_for_its_owner) {
  make_ca();
  const auto result = issue_node({"n1"});
  EXPECT_EQ(result.node.files.certificate, certificate);
  EXPECT_EQ(result.node.files.key, key);
  EXPECT_EQ(mode_of(certificate), 0644u);
  EXPECT_EQ(mode_of(key), 0600u);
  EXPECT_THAT(file_names(ca),
              UnorderedElementsAre("ca.crt", "ca.key", "n1.crt", "n1.key"));
}

TEST_F(an_issued_certificate, says_whose_it_is_and_how_long) {
  make_ca();
  const auto result =
      issue_node({"n1", {"n1.example.com", "10.0.0.1", "fd00::1"}});
  const auto& about = result.node.certificate;
  EXPECT_EQ(about.subject, "CN=n1");
  EXPECT_EQ(about.issuer, "CN=test cluster CA");
  EXPECT_THAT(about.names, ElementsAre("DNS:n1", "DNS:n1.example.com",
                                       "IP:10.0.0.1", "IP:fd00::1"));
  EXPECT_EQ(about.not_before, now - 1h);
  EXPECT_EQ(about.not_after, now + 24h * 90);
  EXPECT_FALSE(result.ends_with_ca);
}

TEST_F(an_issued_certificate, is_read_by_the_openssl_program) {
  make_ca();
  issue_node({"n1", {"n1.example.com", "10.0.0.1", "fd00::1"}});
  const auto text = openssl({"x509", "-in", certificate, "-noout", "-text"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(
      text.text,
      AllOf(HasSubstr("Version: 3 (0x2)"), HasSubstr("Subject: CN = n1\n"),
            HasSubstr("Issuer: CN = test cluster CA\n"),
            HasSubstr("Not Before: Nov 28 11:00:00 2026 GMT"),
            HasSubstr("Not After : Feb 26 12:00:00 2027 GMT"),
            HasSubstr("NIST CURVE: P-256"),
            HasSubstr("X509v3 Basic Constraints: critical\n"
                      "                CA:FALSE\n"),
            HasSubstr("X509v3 Key Usage: critical\n"
                      "                Digital Signature\n"),
            HasSubstr("X509v3 Extended Key Usage: \n"
                      "                TLS Web Server Authentication, TLS Web "
                      "Client Authentication\n")));
  EXPECT_THAT(text.text,
              HasSubstr("X509v3 Subject Alternative Name: \n"
                        "                DNS:n1, DNS:n1.example.com, IP "
                        "Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1\n"));
}

TEST_F(an_issued_certificate, points_to_the_key_of_its_authority) {
  make_ca();
  issue_node({"n1"});
  const auto of_ca =
      openssl({"x509", "-in", root, "-noout", "-ext", "subjectKeyIdentifier"});
  const auto of_node = openssl(
      {"x509", "-in", certificate, "-noout", "-ext", "authorityKeyIdentifier"});
  const auto id = of_ca.text.substr(of_ca.text.find('\n'));
  EXPECT_GT(id.size(), 40u);
  EXPECT_EQ(of_node.text, "X509v3 Authority Key Identifier: " + id);
}

TEST_F(an_issued_certificate, is_verified_for_both_ends_in_its_time) {
  make_ca();
  issue_node({"n1", {}, 24h});
  for (const int purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT}) {
    const auto at = [&](std::chrono::sys_seconds when) {
      return verify(certificate, root, purpose, when);
    };
    EXPECT_EQ(at(now), X509_V_OK);
    EXPECT_EQ(at(now - 1h), X509_V_OK);
    EXPECT_EQ(at(now - 1h - 1s), X509_V_ERR_CERT_NOT_YET_VALID);
    EXPECT_EQ(at(now + 24h - 1s), X509_V_OK);
    EXPECT_EQ(at(now + 24h), X509_V_ERR_CERT_HAS_EXPIRED);
  }
  EXPECT_NE(verify(certificate, root, X509_PURPOSE_SMIME_SIGN, now), X509_V_OK);
}

TEST_F(an_issued_certificate, is_verified_by_the_openssl_program) {
  make_ca();
  issue_node({"n1", {"10.0.0.1"}});
  const auto at = std::to_string(now.time_since_epoch().count());
  for (const auto& purpose : {"sslserver", "sslclient"})
    EXPECT_EQ(
        openssl({"verify", "-x509_strict", "-attime", at, "-CAfile", root,
                 "-purpose", purpose, "-verify_hostname", "n1", certificate})
            .text,
        certificate + ": OK\n");
  for (const auto& wrong : {"n2", "n1.example.com", "10.0.0.1"})
    EXPECT_NE(openssl({"verify", "-attime", at, "-CAfile", root,
                       "-verify_hostname", wrong, certificate})
                  .status,
              0);
  EXPECT_EQ(openssl({"verify", "-attime", at, "-CAfile", root, "-verify_ip",
                     "10.0.0.1", certificate})
                .status,
            0);
}

TEST_F(an_issued_certificate, is_not_verified_by_another_cluster) {
  make_ca();
  issue_node({"n1"});
  take(init_ca(folder / "other", {"test"}, now));
  EXPECT_NE(verify(certificate, folder / "other/ca.crt",
                   X509_PURPOSE_SSL_SERVER, now),
            X509_V_OK)
      << "although that authority has the same name";
}

TEST_F(an_issued_certificate, can_vouch_for_nobody) {
  make_ca();
  issue_node({"n1"});
  const auto leaf = read_certificate(certificate);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(X509_check_ca(leaf->get()), 0);
}

TEST_F(an_issued_certificate, ends_with_the_authority_at_the_latest) {
  make_ca(24h * 30);
  const auto end = now + 24h * 30;
  const auto exact = issue_node({"exact", {}, 24h * 30});
  EXPECT_FALSE(exact.ends_with_ca);
  EXPECT_EQ(exact.node.certificate.not_after, end);
  const auto longer = issue_node({"longer", {}, 24h * 30 + 1s});
  EXPECT_TRUE(longer.ends_with_ca);
  EXPECT_EQ(longer.node.certificate.not_after, end);
  now = end - 1s;
  EXPECT_EQ(issue_node({"last"}).node.certificate.not_after, end);
  now = end;
  EXPECT_THAT(why_not_issued({"late"}),
              StartsWith(root + ": is not valid since "));
}

TEST_F(an_issued_certificate, does_not_begin_before_the_authority) {
  make_ca();
  now -= 30min;
  EXPECT_EQ(issue_node({"n1"}).node.certificate.not_before, now - 30min);
}

TEST_F(an_issued_certificate, is_never_overwritten) {
  make_ca();
  issue_node({"n1"});
  const auto former = read(certificate) + read(key);
  const auto again = issue(ca, {"n1"}, now);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().what, fault::system);
  EXPECT_EQ(again.error().text,
            key +
                ": already exists, and is not overwritten; --renew makes a "
                "new certificate for the same key; to have a new key, "
                "remove " +
                certificate + " and " + key);
  EXPECT_EQ(read(certificate) + read(key), former);
}

TEST_F(an_issued_certificate, is_not_made_beside_half_a_pair) {
  make_ca();
  folder.write("ca/n1.crt", "somebody's");
  EXPECT_THAT(why_not_issued({"n1"}), StartsWith(certificate + ": already"));
  EXPECT_FALSE(is_there(key));
  EXPECT_EQ(read(certificate), "somebody's");
}

TEST_F(an_issued_certificate, may_go_to_another_folder) {
  make_ca();
  const auto result = issue_node({"n1", {}, 24h, false, folder / "nodes/1"});
  EXPECT_EQ(result.node.files.key, folder / "nodes/1/n1.key");
  EXPECT_THAT(file_names(folder / "nodes/1"),
              UnorderedElementsAre("n1.crt", "n1.key"));
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("ca.crt", "ca.key"));
}

TEST_F(an_issued_certificate, is_refused_for_a_hostile_name) {
  make_ca();
  for (const auto& bad : {""s, "../x"s, "x/y"s, std::string(65, 'x'), "a\0b"s,
                          "a\nb"s, ".."s, "ca"s, "*"s}) {
    const auto result = issue(ca, {bad}, now);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().what, fault::request) << bad;
  }
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("ca.crt", "ca.key"));
  EXPECT_THAT(file_names(folder / ""), ElementsAre("ca"));
}

TEST_F(an_issued_certificate, is_refused_for_a_hostile_alternative_name) {
  make_ca();
  for (const auto& bad : {""s, "*"s, "*.example.com"s, "a,DNS:b"s, "a\0b"s,
                          "a\nb"s, "10.0.0.0/8"s}) {
    const auto result = issue(ca, {"n1", {bad}}, now);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.error().what, fault::request) << bad;
  }
  EXPECT_THAT(file_names(ca), UnorderedElementsAre("ca.crt", "ca.key"));
}

TEST_F(an_issued_certificate, may_have_the_longest_name) {
  make_ca();
  const std::string longest(64, 'x');
  EXPECT_EQ(issue_node({longest}).node.certificate.subject, "CN=" + longest);
  EXPECT_EQ(
      verify(ca + "/" + longest + ".crt", root, X509_PURPOSE_SSL_SERVER, now),
      X509_V_OK);
}

TEST_F(an_issued_certificate, is_refused_without_a_lifetime) {
  make_ca();
  EXPECT_EQ(issue(ca, {"n1", {}, 0s}, now).error().what, fault::request);
  EXPECT_FALSE(is_there(key));
}

TEST_F(an_issued_certificate, needs_an_authority) {
  EXPECT_THAT(why_not_issued({"n1"}), HasSubstr("ca.crt: cannot be found"));
  EXPECT_FALSE(is_there(ca));
}

} // namespace

} // namespace mfo::cluster::certificates
