#include "taskflow/late_json.hpp"

#include <mutex>
#include <utility>

namespace mfo::taskflow {

struct late_json::state {
  std::once_flag once;
  std::function<json_ptr()> make;
  json_ptr made;
};

late_json::late_json(std::function<json_ptr()> make)
  : later_(std::make_shared<state>()) {
  later_->make = std::move(make);
}

const json_ptr& late_json::get() const {
  if (!later_)
    return known_;
  std::call_once(later_->once, [this] {
    later_->made = std::exchange(later_->make, nullptr)();
  });
  return later_->made;
}

} // namespace mfo::taskflow
