#include "devserver/faults.hpp"

#include <algorithm>

namespace mfo::devserver {

namespace {

bool drops_on_accept(const fault& one) noexcept {
  return one.effect.drop == drop_at::on_accept;
}

/// 0 once the sequence is over.
int status_of(const fault& one) noexcept {
  const auto size = one.statuses.size();
  if (size == 0 || (!one.repeat && one.hits >= size))
    return 0;
  return one.statuses[one.hits % size];
}

} // namespace

void fault_plan::replace(std::vector<fault> faults) {
  const std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
}

nlohmann::json fault_plan::show() const {
  const std::lock_guard lock(mutex_);
  auto shown = nlohmann::json::array();
  for (const auto& one : faults_) {
    shown.push_back(one.as_given);
    shown.back()["hits"] = one.hits;
  }
  return shown;
}

fault_effect fault_plan::next(std::string_view path) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(faults_.begin(), faults_.end(), [&](const fault& one) {
        return !drops_on_accept(one) && one.applies_to(path);
      });
  if (found == faults_.end())
    return {};
  auto effect = found->effect;
  effect.status = status_of(*found);
  effect.latency =
      std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(
          found->min_latency.count(), found->max_latency.count())(random_));
  ++found->hits;
  return effect;
}

bool fault_plan::drops_connections() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(faults_.begin(), faults_.end(), drops_on_accept);
}

bool fault_plan::next_connection(std::string_view path) {
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(faults_.begin(), faults_.end(), [&](const fault& one) {
        return drops_on_accept(one) && one.applies_to(path);
      });
  if (found == faults_.end())
    return false;
  ++found->hits;
  return true;
}

} // namespace mfo::devserver
