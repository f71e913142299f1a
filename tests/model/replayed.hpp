#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mfo::model {

/// A world whose objects cannot be copied: a copy is made anew, and all that
/// has happened so far happens to it again.
///
/// `World::play_out` is `stuck` for a world that is not needed afterwards.
template <class World>
class replayed {
public:
  using action = typename World::action;
  using maker = std::function<std::unique_ptr<World>()>;

  explicit replayed(maker make) : make_(std::move(make)), world_(make_()) {}

  replayed(const replayed& other)
    : make_(other.make_), past_(other.past_), world_(make_()) {
    for (const auto& each : past_)
      world_->apply(each);
  }

  replayed(replayed&&) noexcept = default;
  replayed& operator=(const replayed&) = delete;
  replayed& operator=(replayed&&) = delete;
  ~replayed() = default;

  [[nodiscard]] std::vector<action> possible() const {
    return world_->possible();
  }

  void apply(const action& what) {
    past_.push_back(what);
    world_->apply(what);
  }

  [[nodiscard]] std::string tell(const action& what) const {
    return world_->tell(what);
  }

  [[nodiscard]] std::uint64_t fingerprint() const {
    return world_->fingerprint();
  }

  [[nodiscard]] std::optional<std::string> wrong() const {
    return world_->wrong();
  }

  [[nodiscard]] std::optional<std::string> stuck() const {
    return replayed{*this}.world_->play_out();
  }

private:
  maker make_;
  std::vector<action> past_;
  std::unique_ptr<World> world_;
};

} // namespace mfo::model
