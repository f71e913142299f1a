// TLS beyond trust: the client's own certificate, revocation, versions and
// resumed sessions.

#include "tests/support/http_certificates.hpp"
#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace mfo::http {
namespace {

using namespace mfo::test;
using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> loopback_names = {"IP:127.0.0.1"};

/// Says whether the connection's TLS session is an earlier one's.
script_server::script echo_resumed() {
  return [](server_peer& peer, int) {
    while (peer.read_request() &&
           peer.write(reply_of(peer.was_resumed() ? "resumed" : "whole"))) {
    }
  };
}

class client_certificate : public testing::Test {
protected:
  script_server::options server_options() const {
    return {"127.0.0.1", ours.issue({loopback_names})};
  }

  client_config trusting(const script_server& server) const {
    auto config = config_for(server.port());
    config.server.tls = true;
    config.tls.ca_file = files.write("ca.pem", ours.certificate());
    return config;
  }

  void identify(client_config& config, const identity& own) const {
    config.tls.cert_file = files.write("client.pem", own.certificate);
    config.tls.key_file = files.write("client.key", own.key);
  }

  std::string complaint_about(const config::tls_settings& settings) const {
    boost::asio::io_context io;
    auto config = config_for(1);
    config.server.tls = true;
    config.tls = settings;
    auto made = make_beast_client(io, config);
    return made ? "" : made.error();
  }

  authority ours;
  support::temporary_folder files;
  client_runner runner;
};

TEST_F(client_certificate, opens_a_server_that_demands_one) {
  auto how = server_options();
  how.client_authority = ours.certificate();
  script_server server{always(reply_of("ok")), how};
  auto config = trusting(server);
  identify(config, ours.issue({{"DNS:node"}}));
  EXPECT_THAT(ask(*runner.make(config)), is_reply(200, "ok"));
}

TEST_F(client_certificate, is_missed_by_a_server_that_demands_one) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto how = server_options();
    how.client_authority = ours.certificate();
    how.max_version = version;
    script_server server{always(reply_of("ok")), how};
    // With TLS 1.3 the server says so after our end of the handshake, and its
    // close may be faster than what it says.
    auto result = ask(*runner.make(trusting(server)));
    EXPECT_THAT(result, testing::AnyOf(is_error(client_errc::tls_failed),
                                       is_error(client_errc::reply_broken)));
    if (version == TLS1_2_VERSION) {
      EXPECT_THAT(result,
                  AllOf(is_error(client_errc::tls_failed), is_unsent()));
    }
  }
}

TEST_F(client_certificate, of_another_authority_is_refused) {
  const authority other;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto how = server_options();
    how.client_authority = ours.certificate();
    how.max_version = version;
    script_server server{always(reply_of("ok")), how};
    auto config = trusting(server);
    identify(config, other.issue({{"DNS:node"}}));
    EXPECT_THAT(ask(*runner.make(config)),
                testing::AnyOf(is_error(client_errc::tls_failed),
                               is_error(client_errc::reply_broken)));
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST_F(client_certificate, must_fit_its_key) {
  client_config config;
  auto one = ours.issue({{"DNS:one"}});
  one.key = ours.issue({{"DNS:other"}}).key;
  identify(config, one);
  EXPECT_THAT(complaint_about(config.tls),
              AllOf(HasSubstr(config.tls.key_file),
                    HasSubstr(config.tls.cert_file),
                    HasSubstr("not the key of the certificate"),
                    HasSubstr("give the key")));
}

TEST_F(client_certificate, must_fit_a_key_of_its_own_kind) {
  client_config config;
  auto one = ours.issue({{"DNS:one"}});
  one.key = "-----BEGIN PRIVATE KEY-----\n"
            "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
            "-----END PRIVATE KEY-----\n"; // RFC 8410, section 10.3: Ed25519
  identify(config, one);
  EXPECT_THAT(complaint_about(config.tls),
              HasSubstr("not the key of the certificate"));
}

TEST_F(client_certificate, needs_both_files) {
  EXPECT_THAT(complaint_about({.cert_file = "a.pem"}),
              AllOf(HasSubstr("a.pem"), HasSubstr("key file is missing")));
  EXPECT_THAT(
      complaint_about({.key_file = "a.key"}),
      AllOf(HasSubstr("a.key"), HasSubstr("certificate file is missing")));
}

TEST_F(client_certificate, is_named_when_a_file_cannot_be_used) {
  const auto own = ours.issue({{"DNS:node"}});
  const auto cert = files.write("good.pem", own.certificate);
  const auto key = files.write("good.key", own.key);
  const auto junk = files.write("junk.pem", "junk\n");
  EXPECT_EQ(complaint_about({.cert_file = cert, .key_file = key}), "");
  EXPECT_THAT(
      complaint_about({.cert_file = "no-such.pem", .key_file = key}),
      AllOf(HasSubstr("certificate file no-such.pem"), HasSubstr("No such")));
  EXPECT_THAT(complaint_about({.cert_file = cert, .key_file = "no-such.key"}),
              AllOf(HasSubstr("key file no-such.key"), HasSubstr("No such")));
  EXPECT_THAT(complaint_about({.cert_file = junk, .key_file = key}),
              HasSubstr("certificate file " + junk));
  EXPECT_THAT(complaint_about({.cert_file = cert, .key_file = junk}),
              HasSubstr("key file " + junk));
  EXPECT_THAT(
      complaint_about({.crl_file = "no-such.crl"}),
      AllOf(HasSubstr("CRL file no-such.crl"), HasSubstr("No such file")));
  EXPECT_THAT(complaint_about({.crl_file = junk}),
              HasSubstr("CRL file " + junk));
}

/// The same key, under a pass phrase.
std::string encrypted(const std::string& key) {
  auto* in = BIO_new_mem_buf(key.data(), static_cast<int>(key.size()));
  auto* parsed = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  auto* out = BIO_new(BIO_s_mem());
  std::string phrase = "phrase";
  PEM_write_bio_PKCS8PrivateKey(out, parsed, EVP_aes_128_cbc(), phrase.data(),
                                static_cast<int>(phrase.size()), nullptr,
                                nullptr);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out, &data);
  std::string result{data, static_cast<std::size_t>(size)};
  BIO_free(in);
  BIO_free(out);
  EVP_PKEY_free(parsed);
  return result;
}

TEST_F(client_certificate, with_an_encrypted_key_is_refused_and_not_asked_for) {
  client_config config;
  auto own = ours.issue({{"DNS:node"}});
  own.key = encrypted(own.key);
  ASSERT_THAT(own.key, HasSubstr("ENCRYPTED"));
  identify(config, own);
  EXPECT_THAT(complaint_about(config.tls),
              AllOf(HasSubstr(config.tls.key_file), HasSubstr("encrypted"),
                    HasSubstr("openssl pkey")));
}

TEST_F(client_certificate, of_the_server_may_be_revoked) {
  script_server server{always(reply_of("ok")), server_options()};
  auto config = trusting(server);
  config.tls.crl_file =
      files.write("crl.pem", ours.revoke({server_options().tls->certificate}));
  EXPECT_THAT(ask(*runner.make(config)), is_reply(200, "ok"));

  const auto how = server_options();
  script_server revoked{always(reply_of("ok")), how};
  config.server.port = revoked.port();
  config.tls.crl_file =
      files.write("crl.pem", ours.revoke({how.tls->certificate}));
  EXPECT_THAT(
      ask(*runner.make(config)),
      AllOf(is_error_with(client_errc::tls_failed, "certificate revoked"),
            is_unsent()));
}

TEST_F(client_certificate, of_an_issuer_without_a_crl_is_refused) {
  const authority other;
  script_server server{always(reply_of("ok")), server_options()};
  auto config = trusting(server);
  config.tls.crl_file = files.write("crl.pem", other.revoke({}));
  EXPECT_THAT(ask(*runner.make(config)), is_error(client_errc::tls_failed));
}

TEST_F(client_certificate, is_not_even_asked_for_below_the_least_version) {
  using config::tls_version;
  struct row {
    int spoken;
    tls_version least;
    bool accepted;
  };
  for (const auto& [spoken, least, accepted] :
       {row{TLS1_1_VERSION, tls_version::v1_2, false},
        row{TLS1_2_VERSION, tls_version::v1_2, true},
        row{TLS1_2_VERSION, tls_version::v1_3, false},
        row{TLS1_3_VERSION, tls_version::v1_3, true}}) {
    auto how = server_options();
    how.max_version = spoken;
    script_server server{always(reply_of("ok")), how};
    auto config = trusting(server);
    config.tls.min_version = least;
    auto result = ask(*runner.make(config));
    if (accepted)
      EXPECT_THAT(result, is_reply(200, "ok")) << spoken;
    else
      EXPECT_THAT(result, AllOf(is_error_with(client_errc::tls_failed,
                                              "protocol version"),
                                is_unsent()))
          << spoken;
  }
}

TEST_F(client_certificate, is_verified_once_for_the_sessions_that_follow) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto how = server_options();
    how.max_version = version;
    script_server server{
        [](server_peer& peer, int) {
          if (peer.read_request())
            peer.write(reply_of(peer.was_resumed() ? "resumed" : "whole"));
        },
        how};
    auto client = runner.make(trusting(server));
    for (int i = 0; i < 4; ++i) {
      EXPECT_THAT(ask(*client), is_reply(200, i == 0 ? "whole" : "resumed"));
      ASSERT_TRUE(eventually([&] { return server.finished() == i + 1; }));
    }
  }
}

TEST_F(client_certificate, of_ours_goes_with_a_resumed_session_too) {
  auto how = server_options();
  how.client_authority = ours.certificate();
  script_server server{echo_resumed(), how};
  auto config = trusting(server);
  config.idle_timeout = milliseconds{1};
  identify(config, ours.issue({{"DNS:node"}}));
  auto client = runner.make(config);
  EXPECT_THAT(ask(*client), is_reply(200, "whole"));
  EXPECT_TRUE(eventually([&] { return client->stats().open == 0; }));
  EXPECT_THAT(ask(*client), is_reply(200, "resumed"));
}

TEST_F(client_certificate, is_verified_anew_by_every_client) {
  script_server server{echo_resumed(), server_options()};
  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(ask(*runner.make(trusting(server))), is_reply(200, "whole"));
}

} // namespace
} // namespace mfo::http
