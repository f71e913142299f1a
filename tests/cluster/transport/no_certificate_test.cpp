#include "tests/cluster/transport/test_node.hpp"
#include "tests/support/tls_client.hpp"

#include <gtest/gtest.h>

/// Peers that speak TLS, and are none of ours.
namespace mfo::cluster::test {

namespace {

using kind = link_event::kind;
using mfo::test::tls_client;

struct no_certificate_test : testing::Test {
  link_event refused(const mfo::test::tls_client_options& options) {
    tls_client client{node.link().bound_port(), options};
    if (client.failure().empty()) {
      EXPECT_EQ(client.read_some(), "");
    }
    return node.wait_for(kind::refused);
  }

  certificates_of_nodes certificates;
  test_node node{settings_with(certificates.of("localhost"))};
};

TEST_F(no_certificate_test, is_a_reason_to_refuse) {
  const auto event = refused({.trusted = certificates.authority()});
  EXPECT_EQ(event.reason, end_reason::no_certificate);
  EXPECT_EQ(event.text, "it shows no certificate");
}

TEST_F(no_certificate_test, nor_is_tls_1_2_enough_with_one) {
  const auto event = refused({.trusted = certificates.authority(),
                              .own = certificates.identity_of("good"),
                              .newest = TLS1_2_VERSION});
  EXPECT_EQ(event.reason, end_reason::tls_failed) << event.text;
}

TEST_F(no_certificate_test, a_peer_with_one_has_to_speak_basp) {
  tls_client client{node.link().bound_port(),
                    {.trusted = certificates.authority(),
                     .own = certificates.identity_of("good")}};
  ASSERT_EQ(client.failure(), "");
  ASSERT_TRUE(client.write("GET / HTTP/1.1\r\n\r\n"));
  const auto event = node.wait_for(kind::refused);
  EXPECT_EQ(event.reason, end_reason::bad_frame);
  EXPECT_EQ(event.text, "not BASP: there is no operation 71");
  EXPECT_EQ(event.peer, "good");
}

TEST_F(no_certificate_test, a_peer_with_one_may_not_send_what_ends_caf) {
  tls_client client{node.link().bound_port(),
                    {.trusted = certificates.authority(),
                     .own = certificates.identity_of("good")}};
  ASSERT_TRUE(client.write("\x01" + std::string(31, '\0')));
  EXPECT_EQ(node.wait_for(kind::refused).reason, end_reason::bad_frame);
}

} // namespace

} // namespace mfo::cluster::test
