// What is done for an event on the listener's thread.

#include "bench/stages/fixtures.hpp"
#include "bench/stages/stage.hpp"
#include "core/admission.hpp"
#include "http/access.hpp"
#include "http/answer.hpp"
#include "http/connection_guard.hpp"
#include "http/door.hpp"
#include "http/exchange.hpp"
#include "http/request_fields.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mfo::bench {

namespace {

using namespace std::chrono_literals;

const auto a_client = config::ip_address::parse("192.0.2.1").value();

/// As a sender of webhooks has it.
std::string request_with(const config::endpoint_settings& endpoint,
                         const std::string& body) {
  std::string text = "POST " + endpoint.path +
                     " HTTP/1.1\r\n"
                     "Host: hooks.example.com\r\n"
                     "User-Agent: Hookshot/044aadd\r\n"
                     "Accept: */*\r\n"
                     "Content-Type: application/json\r\n"
                     "X-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\r\n"
                     "X-Event: pull_request\r\n"
                     "Content-Length: " +
                     std::to_string(body.size()) + "\r\n";
  text += "X-Signature: ";
  text += signature_of(endpoint, body).find("X-Signature").value();
  return text + "\r\n\r\n" + body;
}

/// One connection, on which requests come whole, one by one.
struct guarded {
  guarded() : door({*an_endpoint()}) {
    shared->admission = std::make_shared<core::admission>(10, 1 << 20U);
    shared->examine = [this](std::string_view path, const auto&) {
      return door.find(path) != nullptr ? std::nullopt
                                        : std::optional{core::errc::not_found};
    };
    shared->refuse = [](const auto&) {
      return std::string{};
    };
    guard.emplace(shared, a_client);
  }

  bool pass_one() {
    using ruling = http::connection_guard::ruling;
    std::size_t passed = 0;
    std::ranges::copy(request, buffer.begin());
    auto now = guard->received(buffer, request.size());
    for (; now.what == ruling::pass_on; now = guard->next(buffer))
      passed += now.size;
    return now.what == ruling::read_more && passed == request.size();
  }

  http::door door;
  std::shared_ptr<http::guard_shared> shared =
      std::make_shared<http::guard_shared>();
  std::optional<http::connection_guard> guard;
  std::string request = request_with(*an_endpoint(), payload_of(1024));
  std::array<char, 4096> buffer{};
};

step guard_1k() {
  return [it = std::make_shared<guarded>()] {
    return it->pass_one();
  };
}

/// What is looked for in a head that RESTinio's parser has read.
step head_fields() {
  struct parts {
    http::door door{{*an_endpoint()}};
    restinio::http_request_header_t header{restinio::http_method_post(),
                                           "/hook"};
  };
  auto it = std::make_shared<parts>();
  const auto fields = signature_of(*an_endpoint(), payload_of(1024));
  const auto signature = std::string{fields.find("X-Signature").value()};
  for (const auto& [name, value] :
       {std::pair{"Host", "hooks.example.com"},
        std::pair{"User-Agent", "Hookshot/044aadd"}, std::pair{"Accept", "*/*"},
        std::pair{"Content-Type", "application/json"},
        std::pair{"X-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
        std::pair{"X-Event", "pull_request"},
        std::pair{"Content-Length", "1024"},
        std::pair{"X-Signature", signature.c_str()}})
    it->header.append_field(name, value);
  return [it] {
    const auto& header = it->header;
    const auto target = header.request_target();
    const auto path = http::target_path(target);
    const auto* endpoint = it->door.find(path, header.method().c_str());
    if (endpoint == nullptr ||
        http::first_field(header, endpoint->delivery_ids).empty() ||
        http::repeats_any(header, endpoint->delivery_ids))
      return false;
    const http::request_head head{
        .path = path,
        .method = header.method().c_str(),
        .content_type = http::field(header, "Content-Type"),
        .content_encoding = http::field(header, "Content-Encoding"),
        .has_ce_version = header.has_field("ce-specversion")};
    if (http::door::examine(*endpoint, head))
      return false;
    const auto type = http::type_of(header, endpoint->settings->type_source);
    const auto trace = http::only_field(header, "traceparent");
    const auto state = http::joined_fields(header, "tracestate");
    const auto fields = http::needed_fields(header, *endpoint, head);
    return type.empty() && trace.empty() && state.empty() &&
           fields.find("X-Signature").has_value();
  };
}

/// Who may send, how many of all senders, and how many of each.
step access() {
  struct parts {
    explicit parts(const config::endpoint_settings& endpoint)
      : access({endpoint}, 42) {}
    http::access access;
    http::access::clock::time_point now{1h};
  };
  auto endpoint = *an_endpoint();
  endpoint.access.allow_from = {
      config::ip_network::parse("192.0.2.0/24").value()};
  endpoint.access.rate_limit = {.per_second = 100'000, .burst = 1000};
  endpoint.access.rate_limit_per_address = {.per_second = 100'000,
                                            .burst = 1000};
  return [it = std::make_shared<parts>(endpoint)] {
    it->now += 100us;
    return !it->access.examine(1, a_client, it->now);
  };
}

/// Room in the node for it, and in its endpoint's part.
step admission() {
  auto whole = std::make_shared<core::admission>(1024, 64 << 20U);
  auto part = std::make_shared<core::admission>(512, 32 << 20U, whole);
  return [part] {
    return part->admit(1024).has_value();
  };
}

/// Its id of the sender's, its trace and its body for the server.
step envelope_1k() {
  struct parts {
    std::shared_ptr<const config::endpoint_settings> endpoint = an_endpoint();
    std::string payload = payload_of(1024);
    core::header_fields fields = signature_of(*endpoint, payload);
    core::event_origin origin{.node_name = "node",
                              .depths = std::make_shared<core::stage_depths>(),
                              .random = [] {
                                return std::uint64_t{42};
                              }};
  };
  return [it = std::make_shared<parts>()] {
    const auto event = core::make_event(
        {.payload = it->payload,
         .fields = it->fields,
         .delivery_id = "72d3162e-cc78-11e3-81ab-4c9367dc0958",
         .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-"
                        "00",
         .content_type = "application/json",
         .client = a_client},
        it->endpoint, it->origin, {signing_time, long_ago});
    return event->named_by_sender;
  };
}

class silent_responder final : public http::responder {
public:
  explicit silent_responder(bool& good) : good_(good) {}

  void send(http::answer value) noexcept override {
    good_ = value.status == 202;
  }

private:
  bool& good_;
};

/// The account of an event that goes well: ledger, book, histogram, answer, and
/// a line that the log leaves out.
step exchange() {
  struct parts {
    telemetry::observer observer = an_observer();
    core::event_ptr event = event_of(an_endpoint(), payload_of(1024));
    std::shared_ptr<core::admission> room =
        std::make_shared<core::admission>(10, 1 << 20U);
    std::size_t account = observer.metrics->events()->index_of("hook");
    http::exchange_services_ptr services =
        std::make_shared<const http::exchange_services>(
            http::exchange_services{.observer = observer});
  };
  return [it = std::make_shared<parts>()] {
    bool good = false;
    http::exchange{it->event, it->account,
                   std::make_unique<silent_responder>(good),
                   *it->room->admit(it->event->payload_size), it->services}
        .finish({});
    return good;
  };
}

} // namespace

std::vector<stage> listener_stages() {
  return {{"guard_1k", guard_1k},       {"head_fields", head_fields},
          {"access", access},           {"admission", admission},
          {"envelope_1k", envelope_1k}, {"exchange", exchange}};
}

} // namespace mfo::bench
