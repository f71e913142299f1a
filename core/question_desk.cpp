#include "core/question_desk.hpp"

#include "core/text_encoding.hpp"

#include <algorithm>
#include <utility>

namespace mfo::core {

namespace {

std::size_t size_of(const question& what) {
  auto size = what.run.size() + what.workflow.size() + what.taskflow.size() +
              what.task.size() + what.text.size();
  for (const auto& each : what.choices)
    size += each.size() + sizeof each;
  return size;
}

} // namespace

std::string_view to_string(ask_problem why) noexcept {
  switch (why) {
  case ask_problem::too_many:
    return "too_many_questions";
  case ask_problem::too_long:
    return "question_too_long";
  }
  return "unknown";
}

question_desk::question_desk(random_bytes random)
  : question_desk(std::move(random), bounds{}) {}

question_desk::question_desk(random_bytes random, const bounds& limits)
  : random_(std::move(random)), bounds_(limits) {}

tl::expected<std::string, ask_problem> question_desk::ask(question what,
                                                          callback answered) {
  const auto size = size_of(what);
  if (size > bounds_.max_question)
    return tl::unexpected{ask_problem::too_long};
  const std::lock_guard lock{mutex_};
  if (open_.size() >= bounds_.max_open || size > bounds_.max_bytes - bytes_)
    return tl::unexpected{ask_problem::too_many};
  auto id = encode_hex(random_());
  const auto [at, fresh] = open_.try_emplace(
      id, entry{std::move(what), std::move(answered), asked_, size});
  // The same 128 bits twice: the source is no good, and nobody must answer
  // another's question by it.
  if (!fresh)
    return tl::unexpected{ask_problem::too_many};
  ++asked_;
  bytes_ += size;
  return id;
}

tl::expected<void, answer_refusal> question_desk::answer(std::string_view id,
                                                         std::string text) {
  using reason = answer_refusal::reason;
  callback answered;
  {
    const std::lock_guard lock{mutex_};
    const auto at = open_.find(id);
    if (at == open_.end())
      return tl::unexpected{answer_refusal{reason::unknown}};
    if (text.size() > max_answer)
      return tl::unexpected{answer_refusal{reason::too_long}};
    const auto& choices = at->second.what.choices;
    if (!choices.empty() && std::ranges::find(choices, text) == choices.end())
      return tl::unexpected{answer_refusal{reason::not_a_choice, choices}};
    answered = take(at).answered;
  }
  if (answered)
    answered(std::move(text));
  return {};
}

bool question_desk::withdraw(std::string_view id) {
  // Its callback may own much: it goes after the lock.
  std::optional<entry> gone;
  const std::lock_guard lock{mutex_};
  const auto at = open_.find(id);
  if (at == open_.end())
    return false;
  gone = take(at);
  return true;
}

std::vector<open_question> question_desk::list() const {
  std::vector<std::pair<std::uint64_t, open_question>> found;
  {
    const std::lock_guard lock{mutex_};
    found.reserve(open_.size());
    for (const auto& [id, each] : open_)
      found.emplace_back(each.number, open_question{id, each.what});
  }
  std::ranges::sort(found, {}, [](const auto& each) { return each.first; });
  std::vector<open_question> all;
  all.reserve(found.size());
  for (auto& each : found)
    all.push_back(std::move(each.second));
  return all;
}

std::size_t question_desk::open() const {
  const std::lock_guard lock{mutex_};
  return open_.size();
}

/// Requires the lock.
question_desk::entry question_desk::take(entries::iterator at) {
  auto gone = std::move(at->second);
  bytes_ -= gone.bytes;
  open_.erase(at);
  return gone;
}

} // namespace mfo::core
