#include "casebook/compare.hpp"

#include "api/operation.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mfo::casebook {

namespace {

using api::operation;

std::string one_more(std::uint64_t number, std::string_view what) {
  return fmt::format("{} {}", number, what);
}

/// Texts that are to be the same where one is expected.
void compare_text(const std::string& expected, const std::string& got,
                  const std::string& what, std::vector<mismatch>& into) {
  if (!expected.empty() && expected != got)
    into.push_back({what, expected, got.empty() ? "nothing" : got});
}

void compare_pattern(const std::string& expected, const std::string& got,
                     const std::string& what, std::vector<mismatch>& into) {
  if (!expected.empty() && !fits(expected, got))
    into.push_back({what, expected, got});
}

void compare_headers(const http::header_list& expected,
                     const http::header_list& got, const std::string& what,
                     std::vector<mismatch>& into) {
  for (const auto& [name, value] : expected)
    compare_text(value.empty() ? "(empty)" : std::string{value},
                 std::string{got.first(name)}, fmt::format("{}.{}", what, name),
                 into);
}

void compare_one(const expected_call& expected, const seen_call& got,
                 const std::string& what, std::vector<mismatch>& into) {
  compare_text(expected.server, got.server, what + ".server", into);
  compare_text(expected.operation, got.operation, what + ".operation", into);
  compare_text(expected.method, got.method, what + ".method", into);
  compare_pattern(expected.path, got.server.empty() ? "" : got.target,
                  what + ".path", into);
  compare_pattern(expected.url, got.server.empty() ? got.target : "",
                  what + ".url", into);
  compare_headers(expected.headers, got.headers, what + ".headers", into);
  if (expected.body)
    compare_body(*expected.body, got.body, expected.exact, what + ".body",
                 into);
}

void compare_one(const expected_run& expected, const seen_run& got,
                 const std::string& what, std::vector<mismatch>& into) {
  compare_text(expected.workflow, got.workflow, what + ".workflow", into);
  compare_text(expected.taskflow, got.taskflow, what + ".taskflow", into);
  compare_text(expected.outcome, got.outcome, what + ".outcome", into);
  compare_text(expected.error, got.error, what + ".error", into);
  if (expected.result)
    compare_json(*expected.result, got.result, false, what + ".result", into);
}

void compare_one(const expected_letter& expected, const seen_letter& got,
                 const std::string& what, std::vector<mismatch>& into) {
  compare_text(expected.endpoint, got.endpoint, what + ".endpoint", into);
  compare_text(expected.server, got.server, what + ".server", into);
  compare_text(expected.type, got.type, what + ".type", into);
  compare_text(expected.reason, got.reason, what + ".reason", into);
  if (expected.body)
    compare_body(*expected.body, got.body, false, what + ".body", into);
}

std::string to_string(const seen_run& run) {
  return fmt::format("{} {} {}{}{} {}", run.workflow, run.taskflow, run.outcome,
                     run.error.empty() ? "" : ": ", run.error,
                     short_json(run.result));
}

std::string to_string(const seen_letter& letter) {
  return fmt::format("{} of {}: {}", letter.type, letter.endpoint,
                     letter.reason);
}

/// All of it, in order.
template <class Expected, class Got>
void compare_list(const std::optional<std::vector<Expected>>& expected,
                  const std::vector<Got>& got, const std::string& what,
                  std::vector<mismatch>& into) {
  if (!expected)
    return;
  for (std::size_t i = 0; i < std::min(expected->size(), got.size()); ++i)
    compare_one((*expected)[i], got[i], fmt::format("{}[{}]", what, i), into);
  if (expected->size() == got.size())
    return;
  std::string all = std::to_string(got.size());
  for (const auto& each : got)
    all += "\n" + to_string(each);
  into.push_back({what, std::to_string(expected->size()), std::move(all)});
}

void compare_count(const std::optional<std::uint64_t>& expected,
                   std::uint64_t got, const std::string& what,
                   std::vector<mismatch>& into) {
  if (expected && *expected != got)
    into.push_back({what, one_more(*expected, "events"), std::to_string(got)});
}

std::string reasons_of(const seen& got) {
  std::string all;
  for (const auto& [reason, times] : got.reasons)
    all += fmt::format("{}{}", all.empty() ? "" : ", ", reason);
  return all.empty() ? "none" : all;
}

std::string outcomes_of(const seen& got) {
  std::string all;
  const auto say = [&](std::uint64_t times, outcome what) {
    if (times > 0)
      all += fmt::format("{}{} {}", all.empty() ? "" : ", ", times,
                         outcome_names[static_cast<std::size_t>(what)]);
  };
  say(got.delivered, outcome::delivered);
  say(got.refused, outcome::refused);
  say(got.dead_lettered, outcome::dead_lettered);
  return all.empty() ? "no event" : all;
}

/// At least one, and none that ended otherwise.
void compare_outcome(outcome expected, const seen& got,
                     std::vector<mismatch>& into) {
  const auto as_expected = expected == outcome::delivered ? got.delivered
                           : expected == outcome::refused ? got.refused
                                                          : got.dead_lettered;
  const auto all = got.delivered + got.refused + got.dead_lettered;
  if (as_expected == 0 || as_expected != all)
    into.push_back(
        {"outcome",
         std::string{outcome_names[static_cast<std::size_t>(expected)]},
         outcomes_of(got)});
}

struct known_path {
  operation what;
  std::string_view method;
  std::string config::path_settings::*path;
};

/// Those with names in them come behind those without.
constexpr auto known_paths = std::to_array<known_path>({
    {operation::login, "POST", &config::path_settings::login},
    {operation::event, "POST", &config::path_settings::events},
    {operation::chat_stream, "POST", &config::path_settings::chat_stream},
    {operation::chat, "POST", &config::path_settings::chat},
    {operation::tool_list, "GET", &config::path_settings::tools},
    {operation::memory_list, "GET", &config::path_settings::memory},
    {operation::memory_set, "POST", &config::path_settings::memory},
    {operation::memory_set, "POST", &config::path_settings::memory_set},
    {operation::memory_get, "GET", &config::path_settings::memory_get},
    {operation::resource_list, "GET", &config::path_settings::resources},
    {operation::resource_create, "POST", &config::path_settings::resources},
    {operation::subscribe, "POST", &config::path_settings::subscribe},
    {operation::info, "GET", &config::path_settings::info},
    {operation::job_status, "GET", &config::path_settings::job},
    {operation::chat_history, "GET", &config::path_settings::chat_history},
    {operation::tool, "POST", &config::path_settings::tool},
    {operation::memory_get, "GET", &config::path_settings::memory_key},
    {operation::memory_set, "PUT", &config::path_settings::memory_key},
    {operation::memory_delete, "DELETE", &config::path_settings::memory_key},
    {operation::resource_get, "GET", &config::path_settings::resource},
});

/// `/api/{id}/x` as `/api/*/x`.
std::string pattern_of(std::string path) {
  const auto begin = path.find('{');
  const auto end = path.find('}');
  if (begin != std::string::npos && end != std::string::npos && begin < end)
    path.replace(begin, end - begin + 1, "*");
  return path;
}

} // namespace

std::vector<mismatch> compare(const expectation& expected, const seen& got) {
  std::vector<mismatch> all;
  if (expected.status && *expected.status != got.status)
    all.push_back({"status", std::to_string(*expected.status),
                   fmt::format("{}: {}", got.status, short_text(got.body))});
  compare_headers(expected.headers, got.headers, "headers", all);
  if (expected.body)
    compare_body(*expected.body, got.body, false, "body", all);
  if (!expected.reason.empty() && !got.reasons.contains(expected.reason))
    all.push_back({"reason", expected.reason, reasons_of(got)});
  if (expected.ends)
    compare_outcome(*expected.ends, got, all);
  compare_count(expected.received, got.received, "received", all);
  compare_count(expected.delivered, got.delivered, "delivered", all);
  compare_count(expected.refused, got.refused, "refused", all);
  compare_count(expected.dead_lettered, got.dead_lettered, "dead_lettered",
                all);
  compare_list(expected.calls, got.calls, "calls", all);
  compare_list(expected.runs, got.runs, "runs", all);
  compare_list(expected.dead_letters, got.letters, "dead_letters", all);
  return all;
}

bool fits(const stub& what, const seen_call& call) {
  const auto same = [](const std::string& wanted, const std::string& has) {
    return wanted.empty() || wanted == has;
  };
  const bool is_api = !call.server.empty();
  return same(what.server, call.server) &&
         same(what.operation, call.operation) &&
         same(what.method, call.method) &&
         (what.path.empty() || (is_api && fits(what.path, call.target))) &&
         (what.url.empty() || (!is_api && fits(what.url, call.target))) &&
         call.body.find(what.contains) != std::string::npos;
}

std::string_view operation_of(const config::path_settings& paths,
                              std::string_view method, std::string_view path,
                              std::string_view body) {
  for (const auto& each : known_paths) {
    if (each.method != method || !fits(pattern_of(paths.*each.path), path))
      continue;
    return api::to_string(each.what == operation::event && body.starts_with('[')
                              ? operation::event_batch
                              : each.what);
  }
  return {};
}

std::string to_string(const seen_call& call) {
  return fmt::format("{} {} {}", call.method, core::printable(call.target),
                     call.body.empty() ? "" : short_text(call.body));
}

} // namespace mfo::casebook
