#pragma once

#include "node/command.hpp"

#include "config/dead_letter_settings.hpp"
#include "dead_letters/filter.hpp"
#include "dead_letters/sink.hpp"

#include <CLI/App.hpp>
#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// What the commands of `mfo-node dead-letters` share: which sinks are meant,
/// and which letters in them.
namespace mfo::node {

struct letter_arguments {
  std::string config;
  std::string sink; ///< empty: every one that can be read
  dead_letters::filter which;
  std::string since; ///< as they were typed
  std::string until;
};

/// --config and --sink.
void add_sink_options(CLI::App& command, letter_arguments& given);

/// --id, --type and so on.
void add_filter_options(CLI::App& command, letter_arguments& given);

/// The filter, with the moments read.
tl::expected<dead_letters::filter, command_failure>
resolve_filter(const letter_arguments& given, dead_letters::unix_ms now);

struct named_reader {
  std::string name;
  std::unique_ptr<dead_letters::reader> from;
};

/// Of the sink that is named, or of all that can be read.
tl::expected<std::vector<named_reader>, command_failure>
open_readers(const config::dead_letter_settings& settings,
             const std::string& name);

/// Counts down a filter's limit over several sinks.
class letter_budget {
public:
  explicit letter_budget(const dead_letters::filter& which)
    : left_(which.limit), bounded_(which.limit != 0) {}

  [[nodiscard]] bool spent() const noexcept {
    return bounded_ && left_ == 0;
  }

  void take(std::size_t letters) noexcept {
    if (bounded_)
      left_ -= letters;
  }

  /// For the filter of the next sink.
  [[nodiscard]] std::size_t left() const noexcept {
    return left_;
  }

private:
  std::size_t left_;
  bool bounded_;
};

} // namespace mfo::node
