#pragma once

#include "dead_letters/amqp_connection.hpp"
#include "dead_letters/sink.hpp"

#include <optional>
#include <set>

namespace mfo::dead_letters {

/// Reads a queue by getting its messages without acknowledging them. They are
/// hidden from others meanwhile, and are put back, in their places, by the
/// next `for_each` or the end of this reader; they then carry the mark
/// `redelivered`. A handle is a delivery tag, good until then. A broker puts
/// messages back on its own after its `consumer_timeout` (half an hour).
class amqp_reader final : public reader {
public:
  explicit amqp_reader(amqp_settings settings)
    : settings_(std::move(settings)) {}
  amqp_reader(const amqp_reader&) = delete;
  amqp_reader& operator=(const amqp_reader&) = delete;
  ~amqp_reader() override;

  tl::expected<walk_report, std::string>
  for_each(const visitor& visit) override;
  done mark_replayed(const std::string& handle) override;
  done purge(std::span<const std::string> handles) override;

private:
  struct message {
    std::uint64_t tag = 0;
    std::string body;
  };

  done connect();
  done put_back();
  tl::expected<std::optional<message>, std::string> get();

  amqp_settings settings_;
  std::optional<amqp_connection> connection_;
  std::set<std::uint64_t> held_; ///< tags of what was got and not acknowledged
};

} // namespace mfo::dead_letters
