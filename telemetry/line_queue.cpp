#include "telemetry/line_queue.hpp"

#include <exception>
#include <utility>

namespace mfo::telemetry {

line_queue::line_queue(std::size_t most, writer write)
  : most_(most), write_(std::move(write)), thread_([this] { run(); }) {}

line_queue::~line_queue() {
  {
    const std::lock_guard lock{mutex_};
    is_ending_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void line_queue::add(std::string line) noexcept {
  {
    const std::lock_guard lock{mutex_};
    try {
      waiting_.push_back(std::move(line));
      ++taken_;
    } catch (const std::exception&) {
      ++lost_;
      return;
    }
    if (waiting_.size() > most_) {
      waiting_.pop_front();
      ++lost_;
    }
  }
  came_.notify_one();
}

bool line_queue::flush(std::chrono::milliseconds longest) {
  std::unique_lock lock{mutex_};
  return went_.wait_for(lock, longest,
                        [this, all = taken_] { return done() >= all; });
}

std::uint64_t line_queue::lost() const {
  const std::lock_guard lock{mutex_};
  return lost_;
}

std::uint64_t line_queue::done() const noexcept {
  return taken_ - waiting_.size() - (is_writing_ ? 1 : 0);
}

void line_queue::run() {
  std::string line;
  std::unique_lock lock{mutex_};
  while (true) {
    came_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty())
      return;
    line = std::move(waiting_.front());
    waiting_.pop_front();
    is_writing_ = true;
    lock.unlock();
    write_(line);
    lock.lock();
    is_writing_ = false;
    went_.notify_all();
  }
}

} // namespace mfo::telemetry
