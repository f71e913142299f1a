// What a call to the server costs beside its body and its socket.

#include "actors/connector_calls.hpp"
#include "actors/waiting_calls.hpp"
#include "bench/stages/callers.hpp"
#include "bench/stages/stage.hpp"
#include "core/call_gate.hpp"
#include "core/retry.hpp"
#include "core/retry_budget.hpp"
#include "http/beast_reply.hpp"
#include "http/beast_request.hpp"
#include "http/origin.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::bench {

namespace {

using namespace std::chrono_literals;
using call_clock = std::chrono::steady_clock;

/// As at 10,000 calls a second.
constexpr auto between_calls = 100us;

/// A call begins, and ends well.
step gate() {
  struct parts {
    core::call_gate gate{config::server_settings{}};
    call_clock::time_point now{1h};
  };
  return [it = std::make_shared<parts>()] {
    it->now += between_calls;
    const auto answer = it->gate.ask(it->now);
    if (answer.what != core::call_gate::verdict::begin)
      return false;
    it->gate.ended(it->now, answer.ticket, it->now - between_calls,
                   core::call_result::succeeded, 0s, 0.5);
    return true;
  };
}

/// Whether and when a call that has failed is tried again: what the reply
/// means, the policy, and the budget.
step retry() {
  struct parts {
    core::retry_policy policy{config::retry_settings{}};
    call_clock::time_point now{1h};
    core::retry_budget budget{{.ratio = 10}, now};
  };
  return [it = std::make_shared<parts>()] {
    it->now += between_calls;
    it->budget.on_request(it->now);
    return core::classify_reply(503) == core::reply_class::transient &&
           it->policy.next_delay({.count = 2,
                                  .since_first = 1s,
                                  .retry_after = 0ms,
                                  .time_left = 1min},
                                 0.5) &&
           it->budget.try_withdraw(it->now);
  };
}

/// A call comes into a line of a thousand, another one gets its turn.
step waiting_line() {
  struct parts {
    parts() {
      while (last < 1000)
        come();
    }
    actors::waiting_place& place_of(std::uint64_t number) {
      return places[number % places.size()];
    }
    void come() {
      auto& place = place_of(last);
      place.number = last;
      place.deadline = start + last * between_calls;
      line.add(place);
      ++last;
    }
    call_clock::time_point start{1h};
    std::uint64_t last = 0;
    std::array<actors::waiting_place, 1001> places;
    actors::waiting_calls line;
  };
  return [it = std::make_shared<parts>()] {
    it->come();
    it->line.remove(it->place_of(it->line.most_urgent()));
    return it->line.size() == 1000;
  };
}

/// All rules for a call that the server takes: from `accept` to its answer.
step call() {
  struct fixed_host final : idle_host {
    steady_time now() override {
      return time;
    }
    wall_time wall_now() override {
      return wall_time{signing_time};
    }
    steady_time time{1h};
  };
  struct parts {
    fixed_host host;
    actors::server_caller caller{caller_deps(), host};
    std::optional<core::outcome> result;
    http::client_result reply = http::client_response{202, {}, "{}"};
  };
  return [it = std::make_shared<parts>()] {
    it->host.time += between_calls;
    it->host.sent.clear();
    it->result.reset();
    it->caller.accept(
        std::make_unique<short_call>(it->host.time + 10s, it->result));
    it->caller.replied(it->host.sent.at(0), it->reply);
    return it->result && it->result->delivered();
  };
}

/// The body and the fields of the call that delivers an event, and its head as
/// it is written to the server.
step request() {
  struct parts {
    core::event_ptr event = event_of(an_endpoint(), payload_of(1024));
    std::shared_ptr<const config::server_settings> server =
        std::make_shared<const config::server_settings>(a_server());
    http::request_writer writer{
        {.server = http::parse_origin("http://mfo.example.com").value()}};
    std::string head;
  };
  return [it = std::make_shared<parts>()] {
    const actors::event_call call{it->event, {}, it->server};
    auto made = call.request();
    made.headers.add("Idempotency-Key", call.id());
    made.headers.add("traceparent", call.traceparent());
    if (!http::find_fault(made).empty() || !made.body)
      return false;
    it->head.clear();
    it->writer.append_head(it->head, made);
    return it->head.ends_with("\r\n\r\n");
  };
}

/// A reply such as servers give.
step reply() {
  constexpr std::string_view text =
      "HTTP/1.1 202 Accepted\r\n"
      "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
      "Content-Type: application/json\r\n"
      "Content-Length: 59\r\n"
      "Connection: keep-alive\r\n\r\n"
      R"({"status":"accepted","id":"01a20d22-033d-70b7-b2f7-cc566b"})";
  return [text] {
    http::reply_parser parser{false, 1 << 20U, {}, true};
    parser.eager(true);
    boost::beast::error_code error;
    const auto used =
        parser.put(boost::asio::const_buffer{text.data(), text.size()}, error);
    return !error && used == text.size() && parser.is_done() &&
           parser.release().status == 202;
  };
}

} // namespace

std::vector<stage> connector_stages() {
  return {
      {"gate", gate},       {"call", call},   {"waiting_line", waiting_line},
      {"request", request}, {"reply", reply}, {"retry", retry}};
}

} // namespace mfo::bench
