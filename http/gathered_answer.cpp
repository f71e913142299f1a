#include "http/gathered_answer.hpp"

#include <mutex>
#include <utility>

namespace mfo::http {

namespace {

/// What the sender of several events has to know first: that it must come
/// again, then that something is wrong for good, then that all is well.
int weight(const answer& value) noexcept {
  if (value.status == 202)
    return 1;
  if (value.status < 400)
    return 0; // a duplicate: there is more to say of the others
  const bool again = value.status >= 500 || value.status == 429 ||
                     value.status == 408 || value.status == 409;
  return again ? 3 : 2;
}

class gathering {
public:
  gathering(std::unique_ptr<responder> sender, std::size_t count)
    : sender_(std::move(sender)), left_(count) {}

  void add(answer value) noexcept {
    const std::lock_guard lock{mutex_};
    if (first_ || weight(value) > weight(worst_) ||
        (weight(value) == weight(worst_) &&
         value.retry_after > worst_.retry_after)) {
      first_ = false;
      worst_ = std::move(value);
    }
    if (--left_ == 0)
      sender_->send(std::move(worst_));
  }

private:
  std::mutex mutex_;
  std::unique_ptr<responder> sender_;
  std::size_t left_;
  bool first_ = true;
  answer worst_;
};

class part final : public responder {
public:
  explicit part(std::shared_ptr<gathering> all) : all_(std::move(all)) {}

  ~part() override {
    if (all_)
      all_->add(make_refusal(core::errc::internal_error, ""));
  }

  void send(answer value) noexcept override {
    if (const auto all = std::exchange(all_, nullptr))
      all->add(std::move(value));
  }

private:
  std::shared_ptr<gathering> all_;
};

} // namespace

std::vector<std::unique_ptr<responder>>
gather_answers(std::unique_ptr<responder> sender, std::size_t count) {
  const auto all = std::make_shared<gathering>(std::move(sender), count);
  std::vector<std::unique_ptr<responder>> parts;
  parts.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    parts.push_back(std::make_unique<part>(all));
  return parts;
}

} // namespace mfo::http
