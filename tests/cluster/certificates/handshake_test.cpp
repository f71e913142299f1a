// What the certificates are for: TLS 1.3 between two nodes, each of which
// verifies the other, over memory instead of a socket.

#include "tests/cluster/certificates/fixture.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>
#include <optional>

namespace mfo::cluster::certificates {

namespace {

using namespace std::chrono_literals;

/// One end of a connection.
class tls_end {
public:
  tls_end(const pair_files& own, const std::string& trusted,
          std::chrono::sys_seconds now)
    : context_(SSL_CTX_new(TLS_method())) {
    auto* context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    EXPECT_EQ(SSL_CTX_use_certificate_file(context, own.certificate.c_str(),
                                           SSL_FILETYPE_PEM),
              1);
    EXPECT_EQ(
        SSL_CTX_use_PrivateKey_file(context, own.key.c_str(), SSL_FILETYPE_PEM),
        1);
    EXPECT_EQ(SSL_CTX_load_verify_file(context, trusted.c_str()), 1);
    SSL_CTX_set_verify(
        context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context),
                               now.time_since_epoch().count());
    session_.reset(SSL_new(context));
  }

  /// Goes on as far as it can; whether the handshake is done, or failed.
  std::optional<bool> step() {
    ERR_clear_error();
    const int result = SSL_do_handshake(session_.get());
    if (result == 1)
      return true;
    const int error = SSL_get_error(session_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
      return std::nullopt;
    return false;
  }

  SSL* session() const {
    return session_.get();
  }

  long verdict() const {
    return SSL_get_verify_result(session_.get());
  }

private:
  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, freed_by<SSL_free>> session_;
};

struct two_nodes : certificates_fixture {
  two_nodes() {
    make_ca();
    dialling = issue_node({"n1"}).node.files;
    accepting = issue_node({"n2", {"10.0.0.2"}}).node.files;
  }

  /// Whether `n1` and the node that it dials as `name` agree.
  bool shake_hands(const std::string& name = "n2") {
    client.emplace(dialling, trusted_by_dialling, now);
    server.emplace(accepting, trusted_by_accepting, now);
    SSL_set1_host(client->session(), name.c_str());
    SSL_set_connect_state(client->session());
    SSL_set_accept_state(server->session());
    BIO* one = nullptr;
    BIO* other = nullptr;
    EXPECT_EQ(BIO_new_bio_pair(&one, 0, &other, 0), 1);
    SSL_set_bio(client->session(), one, one);
    SSL_set_bio(server->session(), other, other);
    std::optional<bool> ends[2];
    for (int i = 0; i < 20 && !(ends[0] && ends[1]); ++i) {
      ends[0] = client->step();
      ends[1] = server->step();
      if (ends[0] == false || ends[1] == false)
        return false;
    }
    return ends[0] == true && ends[1] == true;
  }

  std::string name_of_peer(const tls_end& of) const {
    const certificate_ptr peer{SSL_get1_peer_certificate(of.session())};
    const auto about = describe(peer.get(), "peer");
    return about ? about->subject : "nobody";
  }

  pair_files dialling;
  pair_files accepting;
  std::string trusted_by_dialling = ca + "/ca.crt";
  std::string trusted_by_accepting = ca + "/ca.crt";
  std::optional<tls_end> client;
  std::optional<tls_end> server;
};

TEST_F(two_nodes, verify_each_other) {
  ASSERT_TRUE(shake_hands());
  EXPECT_EQ(SSL_version(client->session()), TLS1_3_VERSION);
  EXPECT_EQ(client->verdict(), X509_V_OK);
  EXPECT_EQ(server->verdict(), X509_V_OK);
  EXPECT_EQ(name_of_peer(*client), "CN=n2");
  EXPECT_EQ(name_of_peer(*server), "CN=n1");
}

TEST_F(two_nodes, refuse_each_other_by_a_wrong_name) {
  EXPECT_FALSE(shake_hands("n3"));
  EXPECT_EQ(client->verdict(), X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST_F(two_nodes, refuse_one_of_another_cluster) {
  const auto elsewhere = folder / "other";
  take(init_ca(elsewhere, {"test"}, now));
  dialling = take(issue(elsewhere, {"n1"}, now)).node.files;
  EXPECT_FALSE(shake_hands());
  EXPECT_NE(server->verdict(), X509_V_OK);
  EXPECT_EQ(client->verdict(), X509_V_OK);
}

TEST_F(two_nodes, refuse_to_dial_one_of_another_cluster) {
  const auto elsewhere = folder / "other";
  trusted_by_dialling =
      take(init_ca(elsewhere, {"test"}, now)).files.certificate;
  EXPECT_FALSE(shake_hands());
  EXPECT_NE(client->verdict(), X509_V_OK);
}

TEST_F(two_nodes, refuse_each_other_when_a_certificate_has_ended) {
  now += 24h * 90 - 1s;
  EXPECT_TRUE(shake_hands());
  now += 1s;
  EXPECT_FALSE(shake_hands());
  EXPECT_EQ(client->verdict(), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(two_nodes, go_on_while_the_cluster_changes_to_a_new_authority) {
  const auto elsewhere = folder / "new";
  const auto root = take(init_ca(elsewhere, {"new"}, now)).files.certificate;
  const auto both = folder.write("both.crt", read(ca + "/ca.crt") + read(root));
  trusted_by_dialling = both;
  trusted_by_accepting = both;
  EXPECT_TRUE(shake_hands());
  take(issue(elsewhere, {.name = "n2", .renew = true, .output = ca}, now));
  EXPECT_TRUE(shake_hands()) << "one has a certificate of each";
  take(issue(elsewhere, {.name = "n1", .renew = true, .output = ca}, now));
  trusted_by_dialling = root;
  EXPECT_TRUE(shake_hands()) << "one trusts the new one alone";
}

TEST_F(two_nodes, go_on_when_one_has_renewed) {
  now += 24h * 60;
  issue_node({.name = "n2", .renew = true});
  EXPECT_TRUE(shake_hands());
  now += 24h * 30 - 1s;
  EXPECT_TRUE(shake_hands()) << "n1's last second";
  now += 1s;
  EXPECT_FALSE(shake_hands());
  EXPECT_EQ(server->verdict(), X509_V_ERR_CERT_HAS_EXPIRED) << "n1's";
  EXPECT_EQ(client->verdict(), X509_V_OK) << "n2's is new";
}

} // namespace

} // namespace mfo::cluster::certificates
