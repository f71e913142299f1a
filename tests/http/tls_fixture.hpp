#pragma once

#include "http/listener_tls.hpp"
#include "tests/http/listener_fixture.hpp"
#include "tests/support/http_certificates.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tls_client.hpp"
#include "tests/support/wait_until.hpp"

#include <gmock/gmock.h>

#include <string>

namespace mfo::http {

/// A real listener that speaks TLS with a certificate of `ours`.
struct tls_fixture : listener_fixture {
  tls_fixture() {
    settings.tls.certificate = files / "node.pem";
    settings.tls.key = files / "node.key";
    write(node);
    observer.log->set_level(config::log_level::debug);
  }

  void write(const test::identity& own) const {
    files.write("node.pem", own.certificate);
    files.write("node.key", own.key);
  }

  /// Clients need a certificate of `clients`.
  void ask_clients(
      config::client_auth_mode mode = config::client_auth_mode::require) {
    settings.tls.client_ca = files.write("clients.pem", clients.certificate());
    settings.tls.client_auth = mode;
  }

  void open_tls() {
    auto made = listener_tls::open(settings.tls, "events", observer);
    ASSERT_TRUE(made) << made.error();
    tls = *made;
    open(tls);
  }

  [[nodiscard]] test::tls_client_options trusting() const {
    return {.trusted = ours.certificate()};
  }

  [[nodiscard]] test::tls_client_options as(test::identity who) const {
    return {.trusted = ours.certificate(), .own = std::move(who)};
  }

  [[nodiscard]] double handshakes(std::string_view result) const {
    return support::sum_of(
        observer.metrics->expose(), "mfo_tls_handshakes_total",
        "listener=\"events\",result=\"" + std::string{result} + "\"");
  }

  /// The client may see the end before the listener has counted it.
  void expect_handshakes(std::string_view result, double count) const {
    EXPECT_TRUE(support::wait_until([&] {
      return handshakes(result) == count;
    })) << result
        << ": " << handshakes(result);
  }

  /// A client of `options` gets through and is answered.
  void expect_served(const test::tls_client_options& options) const {
    test::tls_client client{port(), options};
    EXPECT_EQ(client.failure(), "");
    EXPECT_THAT(client.post("/hook", "{}"),
                testing::StartsWith("HTTP/1.1 202 "));
  }

  /// A client of `options` is turned away before it can say anything. With TLS
  /// 1.3 it learns that only when it reads.
  void expect_refused(const test::tls_client_options& options) const {
    const auto before = books().received;
    test::tls_client client{port(), options};
    if (client.failure().empty()) {
      EXPECT_EQ(client.post("/hook", "{}"), "");
    }
    EXPECT_EQ(books().received, before);
  }

  /// Who has an answer may know before the listener does that it was sent.
  void let_it_read_on() {
    for (int i = 0; i < 3; ++i)
      support::run_on(io, [] {});
  }

  const test::authority ours;
  const test::authority clients;
  support::temporary_folder files;
  test::identity node = ours.issue({{"DNS:localhost", "IP:127.0.0.1"}});
  std::shared_ptr<listener_tls> tls;
};

} // namespace mfo::http
