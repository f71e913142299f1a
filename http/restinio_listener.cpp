#include "http/front.hpp"
#include "http/listener.hpp"
#include "http/moving_server.hpp"
#include "http/peer_address.hpp"
#include "http/request_fields.hpp"
#include "http/restinio_answer.hpp"
#include "http/restinio_responder.hpp"
#include "payload/handshake.hpp"

#include <fmt/format.h>

#include <http_parser.h>
#include <restinio/all.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace mfo::http {

namespace {

/// RESTinio's bound, beyond that of any endpoint: the intake answers in time.
constexpr std::chrono::hours longest_answer{1};

class restinio_listener final : public listener {
public:
  restinio_listener(const config::settings& settings, listener_deps deps)
    : guard_(std::make_shared<guard_shared>(std::random_device{}())) {
    guard_->admission = deps.admission;
    guard_->examine = [this](std::string_view path,
                             const std::optional<config::ip_address>& peer) {
      return examine(path, peer);
    };
    guard_->refuse = [this](const guard_refusal& refused) {
      auto value = refuse(refused.code, refused.path, "", refused.peer, {},
                          refused.detail);
      value.close = true;
      return to_message(std::move(value), std::chrono::system_clock::now());
    };
    put_in_force(settings, std::make_unique<front>(settings, std::move(deps)));
  }

  tl::expected<void, std::string> open(boost::asio::io_context& io,
                                       const config::listen_address& address) {
    server_.emplace(io, guard_, longest_answer,
                    [this](restinio::request_handle_t request) {
                      return handle(std::move(request));
                    });
    return server_->open(address);
  }

  tl::expected<void, std::string>
  bind(const config::listen_address& address) override {
    return server_->bind(address);
  }

  void unbind() override {
    server_->unbind();
  }

  void adopt(const config::settings& settings, listener_deps deps) override {
    auto next = std::make_unique<front>(settings, std::move(deps));
    next->access.go_on_from(front_->access);
    put_in_force(settings, std::move(next));
    server_->move();
  }

  std::uint16_t port() const noexcept override {
    return server_->port();
  }

  std::size_t connections() const noexcept override {
    return guard_->connections.load();
  }

  std::uint64_t dropped_connections() const noexcept override {
    return guard_->dropped.load();
  }

  std::uint64_t accept_failures() const noexcept override {
    return guard_->accept_failures.load();
  }

  std::uint64_t requests_cut_off() const noexcept override {
    return guard_->cut_off.load();
  }

  void close() override {
    server_->close();
  }

  void finish() override {
    server_->finish();
  }

private:
  void put_in_force(const config::settings& settings,
                    std::unique_ptr<front> next) {
    // The parser has a bound of its own, of 80 KiB, for the whole process.
    constexpr std::size_t parsers_own = HTTP_MAX_HEADER_SIZE;
    constexpr std::size_t line_ends = 16; // which ours leaves out
    http_parser_set_max_header_size(static_cast<std::uint32_t>(
        std::max(parsers_own, settings.limits.max_header + line_ends)));
    guard_->trusted_proxies =
        config::network_set{settings.proxies.trusted_proxies};
    guard_->limits = settings.limits;
    guard_->tls = next->deps.tls;
    front_ = std::move(next);
  }

  /// What can be said of a request when only its first line and its peer are
  /// known: a proxy's peer is not who sent it.
  std::optional<core::errc>
  examine(std::string_view path,
          const std::optional<config::ip_address>& peer) const {
    const auto* endpoint = front_->door.find(path);
    if (endpoint == nullptr)
      return core::errc::not_found;
    if (peer && !front_->forwarded.trusts(*peer) &&
        !front_->access.allows(endpoint->number, *peer))
      return core::errc::source_not_allowed;
    return std::nullopt;
  }

  restinio::request_handling_status_t
  handle(restinio::request_handle_t request) {
    const auto& header = request->header();
    const auto target = header.request_target();
    const auto path = target_path(target);
    const auto client = client_of(*request);
    const auto* endpoint = front_->door.find(path, header.method().c_str());
    if (endpoint == nullptr)
      return answer_now(*request,
                        refuse(core::errc::not_found, path, "", client));
    auto slip = note(*request, *endpoint, client);
    const auto turn_away = [&](core::errc code, std::string_view delivery_id,
                               std::chrono::milliseconds wait = {},
                               std::string_view detail = {}) {
      auto value = refuse(code, path, delivery_id, client, wait, detail);
      if (slip)
        slip->refused(code, value.status);
      return answer_now(*request, std::move(value));
    };
    const auto delivery_id = first_field(header, endpoint->delivery_ids);
    const auto now = front_->deps.now();
    if (const auto refusal =
            front_->access.examine(endpoint->number, client, now.steady))
      return turn_away(refusal->code, delivery_id, refusal->retry_after);
    // A delivery with two ids would be taken for one that has none.
    if (repeats_any(header, endpoint->delivery_ids))
      return turn_away(core::errc::malformed_request, "", {},
                       "two ids of the delivery");
    const request_head head{
        .path = path,
        .method = header.method().c_str(),
        .content_type = field(header, "Content-Type"),
        .content_encoding = field(header, "Content-Encoding"),
        .has_ce_version = header.has_field("ce-specversion")};
    if (header.method() == restinio::http_method_options())
      if (auto greeting = greet(header, *endpoint, client)) {
        if (slip)
          slip->refused(greeting->status == 200
                            ? core::errc::handshake
                            : core::errc::origin_not_allowed,
                        greeting->status);
        return answer_now(*request, *std::move(greeting));
      }
    if (const auto error = door::examine(*endpoint, head))
      return turn_away(*error, delivery_id, {}, detail_of(*error, header));
    if (front_->deps.state->phase() != node_phase::ready)
      return turn_away(core::errc::draining, delivery_id);
    auto room =
        front_->deps.rooms[endpoint->number - 1]->admit(request->body().size());
    if (!room)
      return turn_away(core::errc::saturated, delivery_id);
    const auto type = type_of(header, endpoint->settings->type_source);
    const auto& order = endpoint->settings->ordering_key;
    const auto tracestate = joined_fields(header, "tracestate");
    auto event = core::make_event(
        {.payload = request->body(),
         .fields = needed_fields(header, *endpoint, head),
         .target = endpoint->needs_target
                       ? std::string_view{target.data(), target.size()}
                       : std::string_view{},
         .type = type,
         .delivery_id = delivery_id,
         .ordering_key = order.header.empty()
                             ? std::string_view{}
                             : only_field(header, order.header),
         .traceparent = only_field(header, "traceparent"),
         .tracestate = tracestate,
         .content_type = head.content_type,
         .client = client},
        endpoint->settings, front_->deps.origin, now);
    std::unique_ptr<responder> sender =
        std::make_unique<restinio_responder>(*request);
    if (slip)
      sender = watched(std::move(sender), slip);
    request.reset();
    auto made = std::make_shared<exchange>(
        std::move(event), front_->account_of(endpoint), std::move(sender),
        std::move(*room), front_->deps.services);
    made->record(std::move(slip));
    front_->deps.admit(std::move(made));
    return restinio::request_accepted();
  }

  /// The request as it came, where somebody records those of its endpoint; else
  /// null.
  [[nodiscard]] recording_slip_ptr
  note(const restinio::request_t& request, const door::endpoint& endpoint,
       const config::ip_address& client) const {
    const auto& recording = front_->deps.recording;
    if (!recording || !recording->is_on() ||
        !recording->wants(endpoint.settings->id))
      return nullptr;
    return recording->open(recorded(request, endpoint.settings, client,
                                    front_->deps.now().unix_time));
  }

  /// The answer to a sender of CloudEvents that asks whether it may send some;
  /// nothing where the endpoint has no such senders.
  std::optional<answer> greet(const restinio::http_request_header_t& header,
                              const door::endpoint& endpoint,
                              const config::ip_address& client) {
    const auto& settings = endpoint.settings->handshake;
    if (settings.allowed_origins.empty())
      return std::nullopt;
    auto granted =
        payload::answer_handshake({only_field(header, "WebHook-Request-Origin"),
                                   only_field(header, "WebHook-Request-Rate")},
                                  settings);
    const auto& path = endpoint.settings->path;
    if (!granted)
      return refuse(core::errc::origin_not_allowed, path, "", client);
    account_for(core::errc::handshake, path, "", client);
    return answer{
        .status = 200, .allow = "POST", .fields = *std::move(granted)};
  }

  /// What about the head led to that, for the log.
  static std::string detail_of(core::errc error,
                               const restinio::http_request_header_t& header) {
    if (error == core::errc::method_not_allowed)
      return std::string{header.method().c_str()};
    if (error != core::errc::unsupported_media_type)
      return {};
    return fmt::format("Content-Type: {}; Content-Encoding: {}",
                       field(header, "Content-Type"),
                       field(header, "Content-Encoding"));
  }

  /// Who sent the request, be it through proxies.
  config::ip_address client_of(const restinio::request_t& request) const {
    const auto peer = peer_address(request.remote_endpoint().address());
    if (!front_->forwarded.trusts(peer))
      return peer;
    std::vector<std::string_view> values;
    request.header().for_each_value_of(
        front_->forwarded.field(), [&](restinio::string_view_t each) {
          values.emplace_back(each.data(), each.size());
          return restinio::http_header_fields_t::continue_enumeration();
        });
    return front_->forwarded.client(peer, values);
  }

  static restinio::request_handling_status_t
  answer_now(restinio::request_t& request, answer value) {
    if (request.header().method() == restinio::http_method_head())
      send_answer(request, std::move(value));
    else
      restinio_responder{request}.send(std::move(value));
    return restinio::request_accepted();
  }

  /// A request that becomes no event is counted and logged; the answer to it.
  answer refuse(core::errc code, std::string_view path,
                std::string_view delivery_id,
                const std::optional<config::ip_address>& source,
                std::chrono::milliseconds wait = {},
                std::string_view detail = {}) {
    auto value = make_refusal(
        code, account_for(code, path, delivery_id, source, detail), wait);
    // A method that no parser knows is refused for whatever path it names.
    if (code == core::errc::method_not_allowed)
      if (auto methods = front_->door.methods_at(path); !methods.empty())
        value.allow = std::move(methods);
    return value;
  }

  /// Counts and logs what becomes no event. Gives the id that it goes by.
  std::string account_for(core::errc code, std::string_view path,
                          std::string_view delivery_id,
                          const std::optional<config::ip_address>& source,
                          std::string_view detail = {}) {
    const auto* endpoint = front_->door.find(path);
    const std::string_view endpoint_id =
        endpoint != nullptr ? std::string_view{endpoint->settings->id} : "none";
    const auto now = front_->deps.now();
    const auto id = core::make_event_id(endpoint_id, delivery_id, now,
                                        front_->deps.origin.random);
    front_->deps.services->observer.metrics->events()->received_and_refused(
        front_->account_of(endpoint), code, now.unix_time);
    front_->deps.services->observer.events->refused(
        {.id = id,
         .delivery_id = std::string{delivery_id},
         .endpoint = std::string{endpoint_id},
         .path = std::string{path},
         .source = source,
         .received = now.steady,
         .received_unix = now.unix_time,
         .state = telemetry::event_state::refused,
         .reason = code,
         .detail = std::string{detail},
         .ended = telemetry::event_record::microseconds{0}});
    const auto left_out = front_->deps.services->observer.refusals->take(
        code, std::chrono::steady_clock::now());
    if (!left_out)
      return id;
    const auto& entry = core::describe(code);
    const auto source_text = source ? source->to_string() : "unknown";
    const auto write =
        entry.status < 400 ? &telemetry::log::info : &telemetry::log::warn;
    (front_->deps.services->observer.log.get()->*write)(
        "event refused", {{"event_id", id},
                          {"endpoint", endpoint_id},
                          {"stage", "listener"},
                          {"reason", entry.slug},
                          {"status", entry.status},
                          {"source", source_text},
                          {"path", path},
                          {"detail", detail},
                          {"left_out", *left_out}});
    return id;
  }

  std::unique_ptr<front> front_; ///< in force; never null
  std::shared_ptr<guard_shared> guard_;
  std::optional<moving_server> server_; ///< empty before `open`
};

} // namespace

tl::expected<std::unique_ptr<listener>, std::string>
listener::open(boost::asio::io_context& io, const config::settings& settings,
               listener_deps deps) {
  auto result = std::make_unique<restinio_listener>(settings, std::move(deps));
  if (auto open = result->open(io, settings.listen); !open)
    return tl::unexpected{std::move(open.error())};
  return result;
}

} // namespace mfo::http
