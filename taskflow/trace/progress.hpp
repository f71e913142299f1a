#pragma once

#include "config/environment.hpp"
#include "taskflow/run/run.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::taskflow {

struct progress_options {
  /// Lines are redrawn in place; else each is written once.
  bool terminal = false;
  bool colour = false;
  std::size_t width = 0;    ///< of a line, characters; 0: no bound
  std::size_t max_rows = 8; ///< tasks shown at a time, with `terminal`
};

/// For an output that is a terminal, with so many columns, or is none. Colours
/// unless NO_COLOR is set and not empty (https://no-color.org) or TERM is
/// `dumb`, which nothing is redrawn on either.
[[nodiscard]] progress_options
progress_options_for(bool is_terminal, std::size_t columns,
                     const config::environment& variables);

/// Shows a run while it is under way: gives the text to write, to standard
/// error mostly, and writes nothing itself.
///
///     / main  12s  2 under way, 5 Succeeded, 1 Failed
///       classify              3.1s
///       route/each[3]/file    0.2s  try 2
///
/// Tasks that failed leave a line of their own above. Not on a terminal: a line
/// for each task that ended.
///
///     Succeeded  classify  3.1s
///     Failed     route/each[3]/file  0.2s  2 tries  not_found: no such ticket
///
/// Control characters of others are not let through. Not thread-safe. Needs
/// memory for the tasks under way.
class progress {
public:
  using clock = run::clock;

  progress(std::string_view taskflow, progress_options how,
           clock::time_point began);

  /// In the order in which they are told. On a terminal it gives only lines
  /// that stay, with the others below them: most moments give none.
  [[nodiscard]] std::string take(const task_moment& moment);

  /// To be called a few times a second, on a terminal; else it gives nothing.
  [[nodiscard]] std::string redraw(clock::time_point now);

  /// Takes what is drawn away, so that others may write there.
  [[nodiscard]] std::string clear();

  /// The last line; nothing is shown afterwards.
  [[nodiscard]] std::string finish(task_outcome outcome,
                                   const std::optional<run_error>& error,
                                   clock::time_point now);

private:
  struct running_task {
    clock::time_point began;
    unsigned attempts = 1;
    std::size_t order = 0;
  };

  using running = std::map<std::string, running_task, std::less<>>;

  [[nodiscard]] std::string line_of(const task_moment& ended,
                                    std::optional<clock::duration> took) const;
  /// What is drawn again, over what was drawn before.
  [[nodiscard]] std::string draw(std::string_view above, clock::time_point now);
  /// Those that have no task within them under way, the oldest first.
  [[nodiscard]] std::vector<running::const_iterator> innermost() const;
  [[nodiscard]] std::string head(std::size_t under_way,
                                 clock::time_point now) const;
  [[nodiscard]] std::string counts() const;
  /// A line that begins with an outcome: coloured, cut, with its line feed.
  [[nodiscard]] std::string outcome_line(task_outcome outcome,
                                         std::string_view rest) const;
  [[nodiscard]] std::string row(std::string_view text) const;

  std::string taskflow_;
  progress_options how_;
  clock::time_point began_;
  running tasks_;
  std::array<std::size_t, task_outcome_names.size()> ended_{};
  std::size_t begun_ = 0;
  std::size_t drawn_ = 0; ///< lines that are to be drawn again
};

} // namespace mfo::taskflow
