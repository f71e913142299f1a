#include "cluster/transport/transport.hpp"

#include "cluster/transport/basp_desk.hpp"
#include "cluster/transport/door.hpp"
#include "cluster/transport/node_identity.hpp"
#include "config/address.hpp"

#include <caf/actor_system.hpp>
#include <caf/atom.hpp>
#include <caf/io/middleman.hpp>

#include <optional>
#include <thread>
#include <utility>

namespace mfo::cluster {

namespace {

using caf::io::network::default_multiplexer;

std::optional<std::string> unfit(caf::actor_system& system,
                                 const transport_settings& settings,
                                 const caf::strong_actor_ptr& gate) {
  if (!system.has_middleman() || !wire::has_random_node_id(system))
    return "the actor system was not set up for a cluster";
  if (gate == nullptr)
    return "there is no actor for peers to write to";
  if (!settings.tls && !config::is_loopback(settings.listen))
    return "without TLS only a loopback address can be listened on, and " +
           config::format_listen_address(settings.listen) + " is none";
  if (settings.tls && settings.allowed_names.empty())
    return "no name is allowed as a peer's";
  return std::nullopt;
}

auto load_identity(const transport_settings& settings) {
  return wire::tls_identity::load(
      {settings.certificate, settings.key, settings.ca, settings.name});
}

} // namespace

struct transport::parts {
  std::shared_ptr<wire::tls_identity> identity; ///< null without TLS
  std::uint16_t port = 0;
  std::shared_ptr<wire::inbox> told;
  reason_counts counts{};
  std::unique_ptr<wire::basp_desk> desk{};
  std::unique_ptr<wire::door> door{};
  std::thread thread{};
};

tl::expected<transport, std::string>
transport::open(caf::actor_system& system, const transport_settings& settings,
                caf::strong_actor_ptr gate, link_observer observer) {
  if (auto why = unfit(system, settings, gate))
    return tl::unexpected(*std::move(why));
  auto* multiplexer =
      dynamic_cast<default_multiplexer*>(&system.middleman().backend());
  if (multiplexer == nullptr)
    return tl::unexpected(std::string{"CAF's middleman has no sockets"});
  std::shared_ptr<wire::tls_identity> identity;
  if (settings.tls) {
    auto loaded = load_identity(settings);
    if (!loaded)
      return tl::unexpected(std::move(loaded.error()));
    identity = *std::move(loaded);
  }
  auto listener = wire::listen_at(settings.listen);
  if (!listener)
    return tl::unexpected("cannot listen on " +
                          config::format_listen_address(settings.listen) +
                          ": " + listener.error());
  auto result = std::make_unique<parts>();
  result->identity = identity;
  result->port = wire::port_of(*listener);
  result->told = std::make_shared<wire::inbox>(settings.max_waiting);
  result->desk = std::make_unique<wire::basp_desk>(
      wire::basp_desk::parts{.system = &system,
                             .multiplexer = multiplexer,
                             .gate = std::move(gate),
                             .port = result->port,
                             .max_unsent = settings.max_unsent,
                             .told = result->told});
  wire::handshake_rules rules{
      .identity = identity,
      .allowed =
          std::make_shared<const wire::peer_names>(settings.allowed_names),
      .filter = {.max_payload = settings.max_payload,
                 .own_id = wire::node_id_bytes(system),
                 .spawn_server =
                     static_cast<std::uint64_t>(caf::atom("SpawnServ"))}};
  result->door = std::make_unique<wire::door>(
      wire::door::parts{.settings = settings,
                        .rules = std::move(rules),
                        .listener = *std::move(listener),
                        .told = result->told,
                        .desk = result->desk.get(),
                        .counts = &result->counts,
                        .observer = std::move(observer)});
  result->thread = std::thread{[door = result->door.get()] {
    door->run();
  }};
  return transport{std::move(result)};
}

std::optional<std::string>
transport::find_file_fault(const transport_settings& settings) {
  if (auto loaded = load_identity(settings); !loaded)
    return std::move(loaded.error());
  return std::nullopt;
}

transport::transport(std::unique_ptr<parts> given) noexcept
  : parts_(std::move(given)) {}

transport::transport(transport&&) noexcept = default;

transport& transport::operator=(transport&& other) noexcept {
  if (this != &other) {
    stop();
    parts_ = std::move(other.parts_);
  }
  return *this;
}

transport::~transport() {
  stop();
}

bool transport::dial(const config::listen_address& address,
                     std::string expected, std::uint64_t token) {
  return parts_->told->push_dial({token, address, std::move(expected)});
}

void transport::close(link_id link) {
  parts_->told->push(wire::close_order{link});
}

tl::expected<void, std::string> transport::reload() {
  if (parts_->identity == nullptr)
    return {};
  return parts_->identity->reload();
}

std::vector<link_info> transport::links() const {
  return parts_->door->links();
}

std::uint16_t transport::bound_port() const noexcept {
  return parts_->port;
}

std::uint64_t transport::count(end_reason reason) const noexcept {
  return parts_->counts.of(reason);
}

std::optional<std::chrono::sys_seconds> transport::expires() const {
  if (parts_->identity == nullptr)
    return std::nullopt;
  return parts_->identity->expires();
}

void transport::stop() {
  if (parts_ == nullptr || !parts_->thread.joinable())
    return;
  parts_->told->push(wire::stop_order{});
  parts_->thread.join();
  parts_->desk.reset();
}

} // namespace mfo::cluster
