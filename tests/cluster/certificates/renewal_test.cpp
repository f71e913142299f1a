// `issue` with `renew`: the same key, a new certificate.

#include "cluster/certificates/names.hpp"
#include "tests/cluster/certificates/fixture.hpp"

#include <filesystem>
#include <thread>

namespace mfo::cluster::certificates {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;

struct a_renewal : certificates_fixture {
  const std::string root = ca + "/ca.crt";
  const std::string certificate = ca + "/n1.crt";
  const std::string key = ca + "/n1.key";

  node_request renewed(std::vector<std::string> names = {}) const {
    return {.name = "n1", .names = std::move(names), .renew = true};
  }

  std::string why_not_renewed() const {
    const auto result = issue(ca, renewed(), now);
    return result ? "it was renewed" : result.error().text;
  }
};

TEST_F(a_renewal, leaves_the_key_as_it_is_and_moves_the_end) {
  make_ca();
  issue_node({"n1"});
  const auto old_key = read(key);
  const auto old_certificate = read(certificate);
  ASSERT_EQ(::chmod(key.c_str(), 0440), 0);
  now += 24h * 60;
  const auto result = issue_node(renewed());
  EXPECT_EQ(result.node.certificate.not_after, now + 24h * 90);
  EXPECT_EQ(read(key), old_key);
  EXPECT_EQ(mode_of(key), 0440u) << "as its owner has set it";
  EXPECT_NE(read(certificate), old_certificate);
  EXPECT_EQ(mode_of(certificate), 0644u);
  EXPECT_EQ(verify(certificate, root, X509_PURPOSE_SSL_CLIENT, now), X509_V_OK);
  EXPECT_THAT(file_names(ca),
              UnorderedElementsAre("ca.crt", "ca.key", "n1.crt", "n1.key"));
}

TEST_F(a_renewal, leaves_a_pair_for_who_reads_the_files_at_any_moment) {
  make_ca();
  issue_node({"n1"});
  std::thread renewing{[&] {
    for (int i = 0; i < 20; ++i)
      issue_node(renewed());
  }};
  for (int i = 0; i < 100; ++i) {
    const auto read_first = read_certificate(certificate);
    const auto read_then = read_key(key);
    ASSERT_TRUE(read_first && read_then);
    EXPECT_TRUE(is_pair(read_first->get(), read_then->get()));
  }
  renewing.join();
}

TEST_F(a_renewal, keeps_the_names_unless_some_are_given) {
  make_ca();
  issue_node({"n1", {"a.example.com", "10.0.0.1"}});
  EXPECT_THAT(issue_node(renewed()).node.certificate.names,
              ElementsAre("DNS:n1", "DNS:a.example.com", "IP:10.0.0.1"));
  EXPECT_THAT(issue_node(renewed({"b"})).node.certificate.names,
              ElementsAre("DNS:n1", "DNS:b"));
  EXPECT_THAT(issue_node(renewed()).node.certificate.names,
              ElementsAre("DNS:n1", "DNS:b"));
}

TEST_F(a_renewal, keeps_as_many_names_as_a_node_can_have) {
  make_ca();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < most_alternative_names; ++i)
    names.push_back("host-" + std::to_string(i));
  issue_node({"n1", names});
  EXPECT_EQ(issue_node(renewed()).node.certificate.names.size(),
            most_alternative_names + 1);
}

TEST_F(a_renewal, does_not_lose_names_that_it_cannot_keep) {
  make_ca();
  issue_node({"n1"});
  ASSERT_EQ(openssl({"req", "-x509", "-key", key, "-subj", "/CN=n1", "-addext",
                     "subjectAltName=URI:spiffe://a/b", "-out", certificate})
                .status,
            0);
  EXPECT_THAT(why_not_renewed(),
              StartsWith(certificate + ": cannot keep its names, so give those "
                                       "that it is to have; "));
  EXPECT_THAT(issue_node(renewed({"b"})).node.certificate.names,
              ElementsAre("DNS:n1", "DNS:b"));
}

TEST_F(a_renewal, works_after_the_end_of_the_old_one) {
  make_ca();
  issue_node({"n1", {}, 24h});
  now += 48h;
  issue_node(renewed());
  EXPECT_EQ(verify(certificate, root, X509_PURPOSE_SSL_SERVER, now), X509_V_OK);
}

TEST_F(a_renewal, brings_a_certificate_of_a_new_authority) {
  make_ca();
  issue_node({"n1", {"a"}});
  const auto old_key = read(key);
  std::filesystem::remove(root);
  std::filesystem::remove(ca + "/ca.key");
  make_ca();
  EXPECT_NE(verify(certificate, root, X509_PURPOSE_SSL_SERVER, now), X509_V_OK);
  issue_node(renewed());
  EXPECT_EQ(verify(certificate, root, X509_PURPOSE_SSL_SERVER, now), X509_V_OK);
  EXPECT_EQ(read(key), old_key);
}

TEST_F(a_renewal, makes_up_for_an_issue_that_was_interrupted) {
  make_ca();
  issue_node({"n1"});
  std::filesystem::remove(certificate);
  issue_node(renewed());
  EXPECT_EQ(verify(certificate, root, X509_PURPOSE_SSL_SERVER, now), X509_V_OK);
}

TEST_F(a_renewal, needs_a_key) {
  make_ca();
  EXPECT_EQ(why_not_renewed(), key + ": is not there, so there is nothing to "
                                     "renew; issue without --renew");
  folder.write("ca/n1.crt", "somebody's");
  EXPECT_EQ(why_not_renewed(), key +
                                   ": is not there, so there is nothing to "
                                   "renew; issue without --renew, after "
                                   "removing " +
                                   certificate);
}

TEST_F(a_renewal, is_refused_where_the_files_are_no_pair_or_no_good) {
  make_ca();
  issue_node({"n1"});
  issue_node({"n2"});
  const auto good = read(certificate);
  std::filesystem::copy_file(ca + "/n2.crt", certificate,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(why_not_renewed(), key + ": is not the key of " + certificate +
                                   "; remove both, and issue without --renew");
  EXPECT_EQ(read(certificate), read(ca + "/n2.crt"));
  folder.write("ca/n1.crt", "garbage");
  EXPECT_THAT(why_not_renewed(), HasSubstr("n1.crt: holds no certificate"));
  folder.write("ca/n1.crt", good);
  folder.write("ca/n1.key", "garbage");
  EXPECT_THAT(why_not_renewed(), HasSubstr("n1.key: holds no private key"));
}

} // namespace

} // namespace mfo::cluster::certificates
