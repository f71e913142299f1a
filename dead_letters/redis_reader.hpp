#pragma once

#include "dead_letters/redis_sink.hpp"

namespace mfo::dead_letters {

/// Reads a stream in pages. A handle is the id of the entry, which names it
/// for good. A letter that was replayed is removed from the stream.
class redis_reader final : public reader {
public:
  explicit redis_reader(redis_settings settings)
    : settings_(std::move(settings)) {}

  tl::expected<walk_report, std::string>
  for_each(const visitor& visit) override;
  done mark_replayed(const std::string& handle) override;
  done purge(std::span<const std::string> handles) override;

private:
  tl::expected<redis_connection::reply, std::string>
  ask(std::span<const std::string_view> words);

  redis_settings settings_;
  std::optional<redis_connection> connection_;
};

} // namespace mfo::dead_letters
