#pragma once

#include "node/client_factory.hpp"
#include "node/testing/test_time.hpp"

#include "casebook/case.hpp"
#include "casebook/seen.hpp"
#include "config/http_call_settings.hpp"
#include "outbound/http_caller.hpp"

#include <memory>
#include <vector>

namespace mfo::node {

/// Whoever a node under test calls: its servers, and those of `http_call`. A
/// call is answered by the first stub that fits it; else as the dev-server
/// would. Nothing leaves the process.
class other_side {
public:
  static std::shared_ptr<other_side> make(std::shared_ptr<test_time> time,
                                          std::vector<casebook::stub> stubs,
                                          devserver::replies replies);

  virtual ~other_side() = default;

  /// In the place of node::make_client.
  [[nodiscard]] virtual client_factory clients() = 0;

  /// In the place of outbound::make_http_caller: what is not allowed is refused
  /// as there, but for addresses of names, which are not asked for.
  [[nodiscard]] virtual std::shared_ptr<outbound::http_caller>
  caller(const config::http_call_settings& settings) = 0;

  /// The calls since the last time, in order; without logins.
  [[nodiscard]] virtual std::vector<casebook::seen_call> take_calls() = 0;
};

} // namespace mfo::node
