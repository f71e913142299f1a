#pragma once

#include "cluster/membership/view.hpp"
#include "cluster/messages/event_packing.hpp"
#include "tests/model/copies_world.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mfo::model {

/// The host of the desks of one name, in whichever copy of the world is at
/// work: a desk keeps its host, however often it is copied.
class copies_world::port final : public cluster::copy_host {
public:
  port(shared_parts& all, std::size_t number) : all_(all), number_(number) {}

  void send(const std::string& peer, std::string bytes) override;
  void flush_soon(const std::string& peer) override;
  void held(const core::event_ptr& event) override;
  void not_held(const core::event_ptr& event,
                cluster::give_up_cause why) override;
  bool has_endpoint(std::string_view id) override;
  core::event_ptr revive(const cluster::wire_event& what) override;
  void take_over(const cluster::node_life& origin,
                 const core::event_ptr& event) override;
  void cannot_run(const cluster::node_life& origin,
                  std::string_view id) override;
  void faulty(const std::string& peer, std::string_view why) override;

private:
  shared_parts& all_;
  const std::size_t number_;
};

struct copies_world::shared_parts {
  copies_plan plan;
  copies_world* at_work = nullptr;
  std::vector<std::string> names{};
  std::vector<std::unique_ptr<port>> ports{};
  std::vector<core::event_ptr> events{};
  /// By what is seen in them.
  std::map<std::string, std::shared_ptr<const cluster::view>> views{};
};

} // namespace mfo::model
