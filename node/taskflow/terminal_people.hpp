#pragma once

#include "actors/outside.hpp"
#include "core/question_desk.hpp"

#include <map>
#include <memory>
#include <string>

namespace mfo::node {

/// Answers the questions of a run from the command line: by what was given
/// there, else by whoever sits at the terminal, else not at all, which is as if
/// the time for it had passed. All else is asked of another.
class terminal_people final : public actors::outside {
public:
  terminal_people(std::shared_ptr<actors::outside> others,
                  std::map<std::string, std::string> answers, bool interactive);

  cancellation ask(taskflow::call_request request,
                   std::chrono::steady_clock::time_point deadline,
                   const actors::run_info& run, const std::string& path,
                   answer_callback answer) override;

private:
  std::shared_ptr<actors::outside> others_;
  std::map<std::string, std::string> answers_; ///< by the path of the task
  bool interactive_;
};

/// Shows the open questions of a desk at a terminal, one at a time, and gives
/// it the lines that are typed.
class question_prompt {
public:
  explicit question_prompt(std::shared_ptr<core::question_desk> desk);

  /// What there is to do now: shows a question, takes a line that has been
  /// typed. Waits at most this long for one.
  void step(std::chrono::milliseconds longest);

private:
  void show(const core::open_question& question);
  void take(std::string line);

  std::shared_ptr<core::question_desk> desk_;
  std::string shown_; ///< id of the question on the screen; empty: none
  std::string typed_; ///< of a line that has no end yet
};

} // namespace mfo::node
