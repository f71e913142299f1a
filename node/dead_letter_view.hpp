#pragma once

#include "node/text_table.hpp"

#include "dead_letters/replay.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

/// How `mfo-node dead-letters` shows letters.
namespace mfo::node {

/// Rows of letters, as a text_table has them.
class letter_table {
public:
  /// `with_sinks`: there is a column for their names.
  explicit letter_table(bool with_sinks);

  /// Gives the text that is due, perhaps none.
  std::string add(const std::string& sink, const dead_letters::letter& value);

  /// The rest.
  std::string finish();

private:
  bool with_sinks_;
  text_table table_;
};

/// One letter in full: its members, and its body, indented where it is JSON.
std::string full_view(const dead_letters::letter& value);

/// `[####......] 4/10, 1 failed`, at most `width` characters.
std::string progress_bar(const dead_letters::replay_report& so_far,
                         std::size_t total, std::size_t width = 79);

/// `12 delivered, 1 failed`.
std::string summary(const dead_letters::replay_report& report);

} // namespace mfo::node
