#pragma once

#include "dead_letters/replay.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// How `mfo-node dead-letters` shows letters.
namespace mfo::node {

/// Rows of letters with aligned columns. The widths are those of the first few
/// hundred rows, so that any number can be shown with little memory.
class letter_table {
public:
  /// `with_sinks`: there is a column for their names.
  explicit letter_table(bool with_sinks);

  /// Gives the text that is due, perhaps none.
  std::string add(const std::string& sink, const dead_letters::letter& value);

  /// The rest.
  std::string finish();

private:
  using row = std::vector<std::string>;

  bool with_sinks_;
  std::vector<row> waiting_;
  std::vector<std::size_t> widths_;
  bool begun_ = false;
};

/// One letter in full: its members, and its body, indented where it is JSON.
std::string full_view(const dead_letters::letter& value);

/// `[####......] 4/10, 1 failed`, at most `width` characters.
std::string progress_bar(const dead_letters::replay_report& so_far,
                         std::size_t total, std::size_t width = 79);

/// `12 delivered, 1 failed`.
std::string summary(const dead_letters::replay_report& report);

} // namespace mfo::node
