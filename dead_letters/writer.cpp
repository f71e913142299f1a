#include "dead_letters/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace mfo::dead_letters {

namespace {

constexpr std::size_t max_batch = 256;
constexpr std::size_t max_batch_bytes = 4 << 20;

} // namespace

writer::writer(std::vector<named_sink> sinks, writer_options options)
  : sinks_(std::move(sinks)), options_(std::move(options)),
    pauses_(sinks_.size()), probed_(sinks_.size()) {
  for (const auto& each : sinks_)
    states_.push_back({.name = each.name});
  thread_ = std::thread{[this] {
    run();
  }};
}

writer::~writer() {
  stop(std::chrono::milliseconds{0});
}

void writer::submit(letter_ptr value, callback answer) {
  if (auto refusal = enqueue(value, answer))
    answer(tl::unexpected(std::move(*refusal)));
  else
    changed_.notify_one();
}

std::optional<std::string> writer::enqueue(letter_ptr& value,
                                           callback& answer) {
  const std::lock_guard lock{mutex_};
  const auto size = value->body.size();
  if (sinks_.empty())
    return "no dead-letter sink is configured";
  if (stopping_)
    return "the dead-letter writer has stopped";
  if (queued_ >= options_.max_queued ||
      (queued_ > 0 && queued_bytes_ + size > options_.max_queued_bytes))
    return fmt::format("{} dead letters of {} bytes wait already", queued_,
                       queued_bytes_);
  ++queued_;
  queued_bytes_ += size;
  queue_.push_back({std::move(value), std::move(answer)});
  return std::nullopt;
}

void writer::begin_stop(std::chrono::milliseconds longest) {
  {
    const std::lock_guard lock{mutex_};
    const auto by = clock::now() + longest;
    stop_by_ = stopping_ ? std::min(stop_by_, by) : by;
    stopping_ = true;
  }
  changed_.notify_all();
}

void writer::stop(std::chrono::milliseconds longest) {
  begin_stop(longest);
  const std::lock_guard lock{joining_};
  if (thread_.joinable())
    thread_.join();
}

std::vector<sink_state> writer::states() const {
  const std::lock_guard lock{mutex_};
  return states_;
}

std::size_t writer::queued() const {
  const std::lock_guard lock{mutex_};
  return queued_;
}

void writer::run() {
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      const bool woken = changed_.wait_for(lock, options_.idle_every, [this] {
        return stopping_ || !queue_.empty();
      });
      if (queue_.empty() && stopping_)
        return;
      if (!woken) {
        lock.unlock();
        idle();
        continue;
      }
    }
    write_batch(take_batch());
  }
}

void writer::idle() {
  for (std::size_t i = 0; i < sinks_.size(); ++i)
    try {
      sinks_[i].to->idle();
    } catch (const std::exception& failure) { // no memory
      const std::lock_guard lock{mutex_};
      states_[i].last_error = failure.what();
    }
  probe_some();
}

/// Those that have not been written to for long; not while somebody waits.
void writer::probe_some() {
  for (std::size_t i = 0; i < sinks_.size(); ++i) {
    {
      const std::lock_guard lock{mutex_};
      if (stopping_ || !queue_.empty())
        return;
    }
    if (probed_[i] == clock::time_point{} ||
        options_.now() - probed_[i] >= options_.probe_interval)
      probe(i);
  }
}

void writer::probe(std::size_t index) {
  const auto began = options_.now();
  done result;
  try {
    result = sinks_[index].to->probe();
  } catch (const std::exception& failure) { // no memory
    result = tl::unexpected(std::string{failure.what()});
  }
  note(index, result, began);
}

/// What a probe or a write that began then has come to.
void writer::note(std::size_t index, const done& result,
                  clock::time_point began) {
  const auto now = options_.now();
  probed_[index] = now;
  const std::lock_guard lock{mutex_};
  auto& state = states_[index];
  state.up = result.has_value();
  state.certificate_end = sinks_[index].to->certificate_end();
  if (result) {
    state.last_success = now;
    state.last_took = now - began;
  } else {
    state.last_error = result.error();
  }
}

std::vector<writer::item> writer::take_batch() {
  const std::lock_guard lock{mutex_};
  std::vector<item> batch;
  std::size_t bytes = 0;
  while (!queue_.empty() && batch.size() < max_batch) {
    bytes += queue_.front().value->body.size();
    if (!batch.empty() && bytes > max_batch_bytes)
      break;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

bool writer::is_out_of_time() const {
  const std::lock_guard lock{mutex_};
  return stopping_ && clock::now() >= stop_by_;
}

void writer::write_batch(std::vector<item> batch) {
  std::vector<letter_ptr> letters;
  for (const auto& each : batch)
    letters.push_back(each.value);
  const auto whole = write(letters);
  int failed_in_a_row = whole || batch.size() == 1 ? 2 : 0;
  auto result = whole;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (failed_in_a_row < 2) {
      result = write({&letters[i], 1});
      failed_in_a_row = result ? 0 : failed_in_a_row + 1;
    }
    {
      const std::lock_guard lock{mutex_};
      --queued_;
      queued_bytes_ -= letters[i]->body.size();
    }
    batch[i].answer(result);
  }
}

tl::expected<std::string, std::string>
writer::write(std::span<const letter_ptr> letters) {
  // The order in which they are asked: those that are passed over come last.
  const auto now = options_.now();
  std::vector<std::size_t> order;
  for (const bool paused : {false, true})
    for (std::size_t i = 0; i < sinks_.size(); ++i)
      if ((now < pauses_[i].until) == paused)
        order.push_back(i);
  std::string errors;
  for (const auto i : order) {
    if (is_out_of_time())
      return tl::unexpected(
          errors + "the node stops before the letter could be written");
    const auto written = write_to(i, letters);
    if (written)
      return sinks_[i].name;
    errors += fmt::format("{}: {}; ", sinks_[i].name, written.error());
  }
  errors.resize(errors.size() - 2);
  return tl::unexpected(std::move(errors));
}

done writer::write_to(std::size_t index, std::span<const letter_ptr> letters) {
  const auto began = options_.now();
  done result;
  try {
    result = sinks_[index].to->write(letters);
  } catch (const std::exception& failure) { // no memory
    result = tl::unexpected(std::string{failure.what()});
  }
  auto& pause = pauses_[index];
  if (result) {
    pause = {};
  } else {
    pause.length = std::clamp(pause.length * 2, options_.first_pause,
                              options_.longest_pause);
    pause.until = options_.now() + pause.length;
  }
  note(index, result, began);
  const std::lock_guard lock{mutex_};
  if (result)
    states_[index].written += letters.size();
  else
    ++states_[index].failures;
  return result;
}

} // namespace mfo::dead_letters
