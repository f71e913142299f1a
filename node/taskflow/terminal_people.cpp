#include "node/taskflow/terminal_people.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

namespace mfo::node {

namespace {

/// What is on standard input now; nothing where there is none, empty at its
/// end.
std::optional<std::string> read_input(std::chrono::milliseconds longest) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&input, 1, static_cast<int>(longest.count())) <= 0)
    return std::nullopt;
  std::array<char, 4096> bytes{};
  const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (count < 0)
    return std::nullopt;
  return std::string{bytes.data(), static_cast<std::size_t>(count)};
}

} // namespace

terminal_people::terminal_people(std::shared_ptr<actors::outside> others,
                                 std::map<std::string, std::string> answers,
                                 without_answer otherwise)
  : others_(std::move(others)), answers_(std::move(answers)),
    otherwise_(otherwise) {}

actors::outside::cancellation
terminal_people::ask(taskflow::call_request request,
                     std::chrono::steady_clock::time_point deadline,
                     const actors::run_info& run, const std::string& path,
                     answer_callback answer) {
  const auto* question = std::get_if<taskflow::question_call>(&request);
  const auto given = question != nullptr ? answers_.find(path) : answers_.end();
  const auto fail = [&](std::string code, std::string message) {
    answer(tl::unexpected{taskflow::call_failure{.code = std::move(code),
                                                 .message = std::move(message),
                                                 .transient = false}});
    return [] {
    };
  };
  if (given != answers_.end()) {
    const auto& choices = question->choices;
    if (!choices.empty() &&
        std::ranges::find(choices, given->second) == choices.end())
      return fail("bad_answer",
                  fmt::format("the answer that was given is none of: {}",
                              fmt::join(choices, ", ")));
    answer(std::make_shared<const taskflow::json>(given->second));
    return [] {
    };
  }
  if (question != nullptr && otherwise_ != without_answer::ask)
    return fail(
        otherwise_ == without_answer::fail ? "nobody_to_ask" : "timeout",
        fmt::format("nobody is here to answer; give --answer {}=TEXT", path));
  return others_->ask(std::move(request), deadline, run, path,
                      std::move(answer));
}

question_prompt::question_prompt(std::shared_ptr<core::question_desk> desk,
                                 std::function<void(bool)> asking)
  : desk_(std::move(desk)), asking_(std::move(asking)) {}

void question_prompt::step(std::chrono::milliseconds longest) {
  const auto open = desk_->list();
  const bool is_open = std::ranges::any_of(
      open, [this](const auto& each) { return each.id == shown_; });
  if (!is_open && !shown_.empty()) {
    fmt::print(stderr, "\n");
    done();
  }
  if (shown_.empty() && !open.empty())
    show(open.front());
  if (shown_.empty()) {
    std::this_thread::sleep_for(longest);
    return;
  }
  auto more = read_input(longest);
  if (!more)
    return;
  if (more->empty()) { // the end of the input: nobody will say more
    desk_->withdraw(shown_);
    return;
  }
  typed_ += *more;
  for (auto end = typed_.find('\n');
       end != std::string::npos && !shown_.empty(); end = typed_.find('\n')) {
    take(typed_.substr(0, end));
    typed_.erase(0, end + 1);
  }
}

void question_prompt::show(const core::open_question& question) {
  if (asking_)
    asking_(true);
  shown_ = question.id;
  fmt::print(stderr, "\n{}: {}\n", core::printable(question.what.task),
             core::printable(question.what.text, true));
  if (!question.what.choices.empty())
    fmt::print(stderr, "({})\n",
               core::printable(
                   fmt::format("{}", fmt::join(question.what.choices, " / "))));
  fmt::print(stderr, "> ");
  std::fflush(stderr);
}

void question_prompt::take(std::string line) {
  const auto given = desk_->answer(shown_, std::move(line));
  if (given || given.error().why == core::answer_refusal::reason::unknown) {
    done();
    return;
  }
  fmt::print(stderr, "{}\n> ",
             given.error().why == core::answer_refusal::reason::too_long
                 ? "That is too long."
                 : "That is none of the choices.");
  std::fflush(stderr);
}

void question_prompt::done() {
  shown_.clear();
  if (asking_)
    asking_(false);
}

} // namespace mfo::node
