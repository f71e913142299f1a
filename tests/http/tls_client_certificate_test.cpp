// Whom a listener with mutual TLS lets in.

#include "tests/http/tls_fixture.hpp"

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct mutual_tls : tls_fixture {};

TEST_F(mutual_tls, lets_in_who_has_a_certificate) {
  ask_clients();
  open_tls();
  expect_served(as(clients.issue({{"DNS:billing"}})));
  expect_handshakes("ok", 1);
}

TEST_F(mutual_tls, refuses_who_has_none) {
  ask_clients();
  open_tls();
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = trusting();
    options.newest = version;
    expect_refused(options);
  }
  expect_handshakes("certificate", 2);
}

TEST_F(mutual_tls, refuses_another_authority) {
  ask_clients();
  open_tls();
  const test::authority others;
  expect_refused(as(others.issue({{"DNS:billing"}})));
  expect_refused(as(test::self_signed({{"DNS:billing"}})));
  // What vouches for the node does not vouch for clients.
  expect_refused(as(ours.issue({{"DNS:billing"}})));
  expect_handshakes("certificate", 3);
}

TEST_F(mutual_tls, refuses_what_is_not_good_today) {
  ask_clients();
  open_tls();
  expect_refused(as(clients.issue({{"DNS:billing"}, -7200s, -3600s})));
  EXPECT_TRUE(support::wait_until([this] { return !lines().empty(); }));
  EXPECT_THAT(lines(), Contains(HasSubstr("certificate has expired")));
  expect_refused(as(clients.issue({{"DNS:billing"}, 3600s, 7200s})));
  expect_handshakes("certificate", 2);
}

TEST_F(mutual_tls, lets_in_the_names_that_it_knows) {
  ask_clients();
  settings.tls.client_names = {"billing.example", "urn:mfo:shop",
                               "ops@example.com", "the old one"};
  open_tls();
  expect_served(as(clients.issue({{"DNS:billing.example"}})));
  expect_served(as(clients.issue({{"DNS:other", "URI:urn:mfo:shop"}})));
  expect_served(as(clients.issue({{"email:ops@example.com"}})));
  expect_served(as(clients.issue({.names = {}, .common_name = "the old one"})));
  expect_handshakes("ok", 4);
}

TEST_F(mutual_tls, refuses_other_names) {
  ask_clients();
  settings.tls.client_names = {"billing.example"};
  open_tls();
  int refused = 0;
  for (const auto* name :
       {"DNS:billing.example.com", "DNS:x.billing.example", "DNS:*.example",
        "DNS:BILLING.example", "DNS:billing"}) {
    SCOPED_TRACE(name);
    expect_refused(as(clients.issue({{name}})));
    expect_handshakes("certificate", ++refused);
  }
  EXPECT_THAT(lines(), Contains(HasSubstr("none of client_names")));
}

TEST_F(mutual_tls, looks_at_the_common_name_where_there_is_no_better_one) {
  ask_clients();
  settings.tls.client_names = {"shop.example"};
  open_tls();
  expect_served(
      as(clients.issue({.names = {}, .common_name = "shop.example"})));
  expect_served(as(clients.issue(
      {.names = {"IP:192.0.2.1"}, .common_name = "shop.example"})));
  expect_refused(as(
      clients.issue({.names = {"DNS:other"}, .common_name = "shop.example"})));
  expect_handshakes("certificate", 1);
}

TEST_F(mutual_tls, reads_the_common_name_as_text) {
  ask_clients();
  settings.tls.client_names = {"shop.example"};
  open_tls();
  // The same bytes, which are six other characters.
  expect_refused(as(clients.issue(
      {.names = {}, .common_name = "shop.example", .wide_name = true})));
  expect_served(as(clients.issue(
      {.names = {},
       .common_name = std::string{"\0s\0h\0o\0p\0.\0e\0x\0a\0m\0p\0l\0e", 24},
       .wide_name = true})));
}

TEST_F(mutual_tls, trusts_an_authority_without_the_one_above_it) {
  const test::authority issuing{clients};
  settings.tls.client_ca = files.write("clients.pem", issuing.certificate());
  settings.tls.client_auth = config::client_auth_mode::require;
  open_tls();
  expect_served(as(issuing.issue({{"DNS:billing"}})));
  expect_refused(as(clients.issue({{"DNS:billing"}})));
}

TEST_F(mutual_tls, wants_the_list_of_an_authority_and_not_of_the_one_above_it) {
  const test::authority issuing{clients};
  const auto good = issuing.issue({{"DNS:good"}});
  const auto bad = issuing.issue({{"DNS:bad"}});
  settings.tls.client_ca = files.write("clients.pem", issuing.certificate());
  settings.tls.client_auth = config::client_auth_mode::require;
  settings.tls.crl = files.write("crl.pem", issuing.revoke({bad.certificate}));
  open_tls();
  expect_served(as(good));
  expect_refused(as(bad));
}

TEST_F(mutual_tls, refuses_whose_authority_has_no_list) {
  const test::authority others;
  settings.tls.client_ca =
      files.write("clients.pem", clients.certificate() + others.certificate());
  settings.tls.client_auth = config::client_auth_mode::require;
  settings.tls.crl = files.write("crl.pem", clients.revoke({}));
  open_tls();
  expect_served(as(clients.issue({{"DNS:billing"}})));
  expect_refused(as(others.issue({{"DNS:billing"}})));
}

TEST_F(mutual_tls, may_be_left_to_the_client) {
  ask_clients(config::client_auth_mode::request);
  open_tls();
  expect_served(trusting());
  expect_served(as(clients.issue({{"DNS:billing"}})));
  const test::authority others;
  expect_refused(as(others.issue({{"DNS:billing"}})));
  expect_handshakes("certificate", 1);
}

TEST_F(mutual_tls, refuses_who_was_revoked) {
  ask_clients();
  const auto good = clients.issue({{"DNS:good"}});
  const auto bad = clients.issue({{"DNS:bad"}});
  settings.tls.crl = files.write("crl.pem", clients.revoke({bad.certificate}));
  open_tls();
  expect_served(as(good));
  expect_refused(as(bad));
  expect_handshakes("certificate", 1);
}

TEST_F(mutual_tls, gives_no_ticket_that_would_outlive_the_lists) {
  ask_clients();
  open_tls();
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto options = as(clients.issue({{"DNS:billing"}}));
    options.newest = version;
    test::tls_client client{port(), options};
    EXPECT_THAT(client.post("/hook", "{}"), Not(IsEmpty()));
    EXPECT_FALSE(SSL_SESSION_has_ticket(SSL_get_session(client.session())));
  }
}

TEST_F(mutual_tls, says_whose_certificates_are_welcome) {
  ask_clients();
  open_tls();
  test::tls_client client{port(), as(clients.issue({{"DNS:billing"}}))};
  EXPECT_EQ(client.failure(), "");
  EXPECT_EQ(sk_X509_NAME_num(SSL_get_client_CA_list(client.session())), 1);
}

} // namespace

} // namespace mfo::http
