#include "taskflow/expression/jq_pool.hpp"

#include "core/leak_pause.hpp"
#include "taskflow/expression/one_line.hpp"

#include <optional>
#include <utility>

namespace mfo::taskflow {

namespace {

std::string text_of(jq_value value) {
  if (value.kind() != JV_KIND_STRING)
    value = jq_value(jv_dump_string(value.release(), 0));
  return jv_string_value(value.get());
}

/// What libjq says; without a callback it would write to standard error.
void note_message(void* messages, jv message) {
  static_cast<std::vector<std::string>*>(messages)->push_back(
      text_of(jq_value(message)));
}

void ignore_message(void*, jv message) {
  jv_free(message);
}

/// libjq 1.6 loses a few bytes on some programs that it refuses; what it loses
/// is bounded by the files that are read.
bool compile(jq_state* state, const std::string& program) {
  const core::leak_pause pause;
  return jq_compile(state, program.c_str()) != 0;
}

/// The one value, taken out of the state.
tl::expected<json, std::string> only_value(jq_state* state) {
  const auto failed = [](jq_value value) {
    const bool message = jv_invalid_has_msg(value.copy()) != 0;
    return message ? std::optional(one_line(text_of(
                         jq_value(jv_invalid_get_msg(value.release())))))
                   : std::nullopt;
  };
  jq_value first(jq_next(state));
  if (first.kind() == JV_KIND_INVALID)
    return tl::make_unexpected(
        failed(std::move(first)).value_or("gives no value"));
  jq_value second(jq_next(state));
  if (second.kind() != JV_KIND_INVALID)
    return tl::make_unexpected(std::string("gives more than one value"));
  if (auto message = failed(std::move(second)))
    return tl::make_unexpected(*std::move(message));
  return from_jq(first);
}

} // namespace

void jq_pool::teardown::operator()(jq_state* state) const {
  jq_teardown(&state);
}

jq_pool::jq_pool(std::string program) : program_(std::move(program)) {}

jq_pool::state_ptr jq_pool::make_state(const std::string& program,
                                       std::vector<std::string>& messages) {
  state_ptr state(jq_init());
  if (state == nullptr)
    return nullptr;
  jq_set_error_cb(state.get(), note_message, &messages);
  jq_set_debug_cb(state.get(), ignore_message, nullptr);
  jq_set_attr(state.get(), jv_string("JQ_LIBRARY_PATH"), jv_array());
  const bool compiled = compile(state.get(), program);
  jq_set_error_cb(state.get(), ignore_message, nullptr);
  return compiled && messages.empty() ? std::move(state) : nullptr;
}

/// Oniguruma, which jq matches texts with, sets itself up when it is first
/// used, and not safely if several threads are the first.
void jq_pool::set_up_regular_expressions() {
  static std::once_flag once;
  std::call_once(once, [] {
    std::vector<std::string> messages;
    const auto state = make_state(R"("" | test("a"))", messages);
    if (state == nullptr)
      return;
    jq_start(state.get(), jv_null(), 0);
    jv_free(jq_next(state.get()));
  });
}

tl::expected<std::shared_ptr<const jq_pool>, std::vector<std::string>>
jq_pool::make(std::string program) {
  set_up_regular_expressions();
  std::vector<std::string> messages;
  auto state = make_state(program, messages);
  if (state == nullptr)
    return tl::make_unexpected(std::move(messages));
  const std::shared_ptr<const jq_pool> pool(new jq_pool(std::move(program)));
  pool->give_back(std::move(state));
  return pool;
}

jq_pool::state_ptr jq_pool::take() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto state = std::move(idle_.back());
      idle_.pop_back();
      return state;
    }
  }
  std::vector<std::string> messages;
  return make_state(program_, messages);
}

void jq_pool::give_back(state_ptr state) const {
  jq_start(state.get(), jv_null(), 0); // lets go of the values of this run
  const std::lock_guard lock(mutex_);
  if (idle_.size() < max_idle)
    idle_.push_back(std::move(state));
}

tl::expected<json, std::string> jq_pool::run(jq_value input) const {
  auto state = take();
  if (state == nullptr)
    return tl::make_unexpected(std::string("jq cannot be started"));
  jq_start(state.get(), input.release(), 0);
  auto value = only_value(state.get());
  give_back(std::move(state));
  return value;
}

} // namespace mfo::taskflow
