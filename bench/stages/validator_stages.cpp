// What the validator does to every event.

#include "bench/stages/fixtures.hpp"
#include "bench/stages/stage.hpp"
#include "core/delivery_window.hpp"
#include "core/json_check.hpp"
#include "signatures/verifier.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mfo::bench {

namespace {

using namespace std::chrono_literals;

template <std::size_t Bytes>
step verify() {
  struct parts {
    std::shared_ptr<const config::endpoint_settings> endpoint = an_endpoint();
    std::string payload = payload_of(Bytes);
    core::header_fields fields = signature_of(*endpoint, payload);
    std::unique_ptr<signatures::verifier> verifier =
        signatures::make_verifier(endpoint->signature);
  };
  return [it = std::make_shared<parts>()] {
    return it->verifier->verify({it->fields, "", it->payload}, signing_time)
        .has_value();
  };
}

template <std::size_t Bytes>
step json() {
  struct parts {
    core::json_checker checker;
    std::string padded =
        payload_of(Bytes) + std::string(core::json_padding, ' ');
    std::string_view text{padded.data(), padded.size() - core::json_padding};
  };
  return [it = std::make_shared<parts>()] {
    return it->checker.check(it->text) == core::json_verdict::good;
  };
}

/// The claim of an id that its sender gave, and its end. It may come again, so
/// that each time is the same.
step dedup() {
  struct parts {
    core::delivery_window window{{}};
    core::event_ptr event = event_of(an_endpoint(), "{}");
    core::delivery_window::clock::time_point now{1h};
  };
  return [it = std::make_shared<parts>()] {
    using verdict = core::delivery_window::verdict;
    it->now += 100us;
    const auto& id = it->event->id;
    const auto got =
        it->window.claim(id, it->event.get(), it->now + 10s, it->now);
    it->window.settle(id, it->event.get(), core::delivery_end::failed);
    return got == verdict::fresh;
  };
}

} // namespace

std::vector<stage> validator_stages() {
  return {{"verify_1k", verify<1024>},
          {"verify_8k", verify<8192>},
          {"json_1k", json<1024>},
          {"json_8k", json<8192>},
          {"dedup", dedup}};
}

} // namespace mfo::bench
