#include "actors/refusals.hpp"

#include <utility>

namespace mfo::actors {

namespace {

using core::errc;
using std::chrono::milliseconds;

core::outcome come_again(errc code, milliseconds after, std::string detail) {
  auto result = core::refused(code, std::move(detail));
  result.retry_after = after;
  return result;
}

} // namespace

core::outcome circuit_open(milliseconds left, const std::string& why) {
  return come_again(errc::circuit_open, left,
                    "the server is left alone, since: " + why);
}

core::outcome no_login(milliseconds left, const std::string& why) {
  return come_again(errc::upstream_failed, left, "no login: " + why);
}

core::outcome server_not_ready(milliseconds wait) {
  return come_again(errc::upstream_busy, wait,
                    "no turn before the deadline: the server asked for time, "
                    "or recovers");
}

core::outcome no_turn() {
  return core::refused(errc::saturated, "no turn before the deadline");
}

core::outcome not_wanted() {
  return core::refused(core::errc::taskflow_cancelled, "nobody waits for it");
}

core::outcome node_stops(bool on_the_wire) {
  return core::refused(errc::draining,
                       on_the_wire ? "the node stops, and the server has not "
                                     "answered the last try"
                                   : "the node stops");
}

} // namespace mfo::actors
