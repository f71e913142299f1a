// What is made of one configuration.

#include "node/key_place.hpp"
#include "node/node_impl.hpp"

#include <random>
#include <utility>

namespace mfo::node {

namespace {

std::string lines_about(const std::string& file,
                        const std::vector<key_fault>& faults) {
  std::string lines;
  for (const auto& each : faults)
    lines.append(lines.empty() ? "" : "\n").append(line_about(file, each));
  return lines;
}

} // namespace

/// All of it, or why there is none. What it has in common with `former`, it
/// shares with that; null: there is none.
node_impl::or_why<node_impl::generation_ptr>
node_impl::make_generation(configuration given, const generation* former) {
  auto made = std::make_shared<generation>();
  made->number = last_number_ + 1;
  if (!given.sources.empty())
    made->file = given.sources.front();
  made->settings = std::move(given.settings);
  made->workflows = std::move(given.workflows);
  made->token =
      std::make_shared<const core::generation>(core::generation{made->number});
  made->users = made->token;
  const auto& settings = made->settings;
  observer_.metrics->add_endpoints(endpoint_ids(settings));
  // Where peers make the calls there is nothing to open.
  if (calls_servers(settings)) {
    auto linked = link_servers(calls_io_, settings.servers,
                               settings.notifications, observer_, how_.in.make,
                               former != nullptr ? former->servers
                                                 : std::vector<server_link>{});
    if (!linked)
      return tl::unexpected{std::move(linked.error())};
    made->servers = *std::move(linked);
  }
  auto tls = former != nullptr
                 ? former->tls.open_next(former->settings, settings, observer_)
                 : tls_listeners::open(settings, observer_);
  if (!tls)
    return tl::unexpected{lines_about(made->file, tls.error())};
  made->tls = *std::move(tls);
  if (former != nullptr &&
      former->settings.dead_letters == settings.dead_letters)
    made->letters = former->letters;
  else if (auto letters = make_letter_box(settings); letters)
    made->letters = *std::move(letters);
  else
    return tl::unexpected{
        line_about(made->file, {"dead_letters", std::move(letters.error())})};
  made->rooms = former != nullptr
                    ? rooms_of_servers(settings, admission_, former->settings,
                                       former->rooms)
                    : rooms_of_servers(settings, admission_);
  // A file of authorities may hold others by now.
  if (former != nullptr && former->settings.tracing == settings.tracing &&
      settings.tracing.ca_file.empty())
    made->spans = former->spans;
  else if (auto found = find_collector(io_, settings.tracing); found)
    made->spans = *std::move(found);
  else
    return tl::unexpected{std::move(found.error())};
  auto flows = make_taskflows(*made);
  if (!flows)
    return tl::unexpected{std::move(flows.error())};
  made->flows = *std::move(flows);
  return made;
}

node_impl::or_why<std::shared_ptr<letter_box>>
node_impl::make_letter_box(const config::settings& settings) {
  auto box = std::make_shared<letter_box>();
  auto office = open_letter_office(settings, observer_);
  if (!office)
    return tl::unexpected{std::move(office.error())};
  box->office = *std::move(office);
  if (!box->office || !in_cluster_)
    return box;
  box->handing = std::make_shared<handing_office>(box->office, observer_.log);
  // Nothing is handed over before there is a cluster.
  box->handing->begin(
      [this](const core::event_ptr& event) { cluster_->hand_over(event); });
  return box;
}

http::exchange_services_ptr node_impl::services(const generation& of) const {
  http::exchange_services all{observer_, of.letters->office,
                              http::remember_in(deliveries_)};
  if (how_.in.dead_letters)
    all.office = how_.in.dead_letters;
  if (of.letters->handing)
    all.office = of.letters->handing;
  if (in_cluster_) {
    all.remember = [this](const core::event_ptr& event,
                          core::delivery_end end) {
      cluster_->settle(event, end);
    };
    all.settled = [this](const core::event& event) {
      cluster_->settled(event);
    };
  }
  return std::make_shared<const http::exchange_services>(std::move(all));
}

core::event_origin node_impl::new_origin(const generation& of) const {
  return {.node_name = node_name_,
          .depths = observer_.metrics->depths(),
          .random = std::mt19937_64{std::random_device{}()},
          .generation = of.token,
          // Nobody sees a trace that no spans are made of.
          .sample_ratio =
              of.spans.client ? of.settings.tracing.sample_ratio : 0.0};
}

std::function<void(http::exchange_ptr)> node_impl::admit() const {
  return
      [intake = intake_, tell = how_.in.admitted](http::exchange_ptr exchange) {
        if (const auto target = intake->get())
          caf::anon_send(target, std::move(exchange));
        else
          exchange->finish(core::refused(core::errc::stage_unavailable));
        if (tell)
          tell();
      };
}

/// In a cluster one node fires each tick; the hub says which.
schedule_clock::claim_function node_impl::claim_tick() const {
  if (!in_cluster_)
    return {};
  return [this](const std::string& trigger, std::chrono::milliseconds at) {
    cluster_->schedule_due(trigger, at);
  };
}

node_impl::or_why<std::unique_ptr<taskflows>>
node_impl::make_taskflows(const generation& of) {
  auto opened = taskflows::open(io_, {.settings = of.settings,
                                      .workflows = of.workflows,
                                      .observer = observer_,
                                      .source = {.state = state_,
                                                 .room = admission_,
                                                 .origin = new_origin(of),
                                                 .now = how_.in.now,
                                                 .services = services(of),
                                                 .admit = admit()},
                                      .books = books_,
                                      .claim_tick = claim_tick(),
                                      .caller = how_.in.caller,
                                      .between = how_.in.between,
                                      .observers = how_.in.observers});
  if (!opened)
    return tl::unexpected{
        line_about(of.file, {"http_call.ca_file", std::move(opened.error())})};
  return *std::move(opened);
}

actors::generation_parts_ptr node_impl::parts_of(const generation& of) const {
  auto parts = std::make_shared<actors::generation_parts>();
  parts->number = of.number;
  parts->validator =
      std::make_shared<const actors::validator_deps>(actors::validator_deps{
          .generation = of.number,
          .endpoints = of.settings.endpoints,
          .limits = of.settings.limits,
          .deliveries = deliveries_,
          .acknowledges = !in_cluster_,
          .identity = {node_name_, instance_},
          .unix_now = [now = how_.in.now] {
            return std::chrono::floor<std::chrono::seconds>(now().unix_time);
          }});
  for (const auto& each : of.servers)
    parts->connectors.push_back(each.deps);
  if (!calls_servers(of.settings))
    for (const auto& each : of.settings.servers)
      parts->remote_servers.push_back(each.name);
  parts->task_runner = of.flows->runner_deps();
  parts->workflows = of.workflows;
  return parts;
}

http::listener_deps node_impl::door_of(const generation& of) const {
  return {.state = state_,
          .admission = admission_,
          .rooms = rooms_of_endpoints(of.settings, of.rooms),
          .origin = new_origin(of),
          .now = how_.in.now,
          .services = services(of),
          .recording = recorder_,
          .tls = of.tls.events,
          .admit = admit()};
}

cluster::hub_rules node_impl::hub_rules_of(const generation& of) {
  return rules_of(of.settings, of.workflows, of.servers, of.flows->report(),
                  of.token);
}

} // namespace mfo::node
