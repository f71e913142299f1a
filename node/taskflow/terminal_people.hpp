#pragma once

#include "actors/outside.hpp"
#include "core/question_desk.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace mfo::node {

/// What becomes of a question that no answer was given to beforehand.
enum class without_answer : std::uint8_t {
  ask,     ///< whoever sits at the terminal
  time_up, ///< as if the time for it had passed: its default counts
  fail,    ///< nobody_to_ask, whatever its default is
};

/// Answers the questions of a run from the command line. All else is asked of
/// another.
class terminal_people final : public actors::outside {
public:
  /// `answers`: by the path of the task.
  terminal_people(std::shared_ptr<actors::outside> others,
                  std::map<std::string, std::string> answers,
                  without_answer otherwise);

  cancellation ask(taskflow::call_request request,
                   std::chrono::steady_clock::time_point deadline,
                   const actors::run_info& run, const std::string& path,
                   answer_callback answer) override;

private:
  std::shared_ptr<actors::outside> others_;
  std::map<std::string, std::string> answers_;
  without_answer otherwise_;
};

/// Shows the open questions of a desk at a terminal, one at a time, and gives
/// it the lines that are typed.
class question_prompt {
public:
  /// `asking` is told when it begins to need the terminal, and when it needs it
  /// no longer; may be empty.
  question_prompt(std::shared_ptr<core::question_desk> desk,
                  std::function<void(bool)> asking);

  /// What there is to do now: shows a question, takes a line that has been
  /// typed. Waits at most this long for one.
  void step(std::chrono::milliseconds longest);

private:
  void show(const core::open_question& question);
  void take(std::string line);
  void done();

  std::shared_ptr<core::question_desk> desk_;
  std::function<void(bool)> asking_;
  std::string shown_; ///< id of the question on the screen; empty: none
  std::string typed_; ///< of a line that has no end yet
};

} // namespace mfo::node
