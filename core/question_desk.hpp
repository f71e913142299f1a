#pragma once

#include <tl/expected.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::core {

/// What a task asks a person.
struct question {
  std::string run{}; ///< id of the run that asks
  std::string workflow{};
  std::string taskflow{};
  std::string task{}; ///< its path, "route/each[3]/confirm"
  std::string text{};
  std::vector<std::string> choices{}; ///< empty: any text
  std::chrono::milliseconds asked_unix{0};
  /// When whoever asks gives up by itself, since 1970; nothing: it does not.
  std::optional<std::chrono::milliseconds> until_unix{};
};

struct open_question {
  std::string id;
  question what;
};

/// Why a question is not put on the desk.
enum class ask_problem : std::uint8_t {
  too_many, ///< too many are open, or too many bytes of them
  too_long, ///< it alone is larger than any may be
};

/// A word, as of `call_failure::code`: "too_many_questions",
/// "question_too_long".
[[nodiscard]] std::string_view to_string(ask_problem why) noexcept;

/// Why an answer is not taken.
struct answer_refusal {
  enum class reason : std::uint8_t {
    unknown,      ///< there is no such question, or it has been answered
    not_a_choice, ///< not one of `choices`
    too_long,     ///< more than question_desk::max_answer bytes
  } why;
  std::vector<std::string> choices{}; ///< with not_a_choice
};

/// The questions that wait for a person. They end by an answer or by being
/// withdrawn; there are no timers in here. Thread-safe.
class question_desk {
public:
  /// Told of the answer, at most once, on the thread that gives it, with
  /// nothing locked; never after `withdraw` has said true. Must not throw.
  using callback = std::function<void(std::string answer)>;

  /// Sixteen bytes that nobody can guess: whoever knows an id may answer.
  /// Called under the desk's lock.
  using random_bytes = std::function<std::array<std::uint8_t, 16>()>;

  static constexpr std::size_t max_answer = 4 * 1024; ///< bytes

  struct bounds {
    std::size_t max_open = 1'000;
    std::size_t max_question = 64 * 1024;    ///< bytes, choices included
    std::size_t max_bytes = 8 * 1024 * 1024; ///< of all questions
  };

  explicit question_desk(random_bytes random);
  question_desk(random_bytes random, const bounds& limits);

  /// Gives the id under which it can be answered: 32 hex digits.
  [[nodiscard]] tl::expected<std::string, ask_problem> ask(question what,
                                                           callback answered);

  /// Answers a question and takes it from the desk.
  tl::expected<void, answer_refusal> answer(std::string_view id,
                                            std::string text);

  /// Takes a question back. False: there is none, and its callback has been
  /// called, or is being called.
  bool withdraw(std::string_view id);

  /// The oldest first.
  [[nodiscard]] std::vector<open_question> list() const;

  [[nodiscard]] std::size_t open() const;

private:
  struct entry {
    question what;
    callback answered;
    std::uint64_t number; ///< in the order of asking
    std::size_t bytes;
  };
  using entries = std::map<std::string, entry, std::less<>>;

  entry take(entries::iterator at);

  random_bytes random_;
  bounds bounds_;
  mutable std::mutex mutex_;
  entries open_; ///< guarded by mutex_, as the rest
  std::uint64_t asked_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace mfo::core
