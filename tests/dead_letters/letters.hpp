#pragma once

#include "dead_letters/sink.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

/// Letters to write, and what came of them.
namespace mfo::dead_letters {

inline letter sample_letter(std::string id = "1") {
  letter value;
  value.event_id = std::move(id);
  value.type = "email.received";
  value.endpoint = "orders";
  value.server = "default";
  value.node = "node-1";
  value.reason = "upstream_failed";
  value.detail = "the server answered 500";
  value.attempts = 8;
  value.last_status = 500;
  value.received_at = unix_ms{1'763'970'828'001};
  value.dead_at = unix_ms{1'763'970'928'002};
  value.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  value.body = R"({"id":")" + value.event_id + R"(","payload":{"n":1e400}})";
  return value;
}

/// With the ids "from" to "to - 1".
inline std::vector<letter_ptr> sample_letters(std::size_t from,
                                              std::size_t to) {
  std::vector<letter_ptr> letters;
  for (auto i = from; i < to; ++i)
    letters.push_back(
        std::make_shared<const letter>(sample_letter(std::to_string(i))));
  return letters;
}

/// A letter that is there, and its handle.
struct kept_letter {
  std::string handle;
  letter value;
};

struct kept_letters {
  std::vector<kept_letter> letters;
  walk_report report;

  [[nodiscard]] std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& each : letters)
      ids.push_back(each.value.event_id);
    return ids;
  }

  [[nodiscard]] std::vector<std::string> handles() const {
    std::vector<std::string> handles;
    for (const auto& each : letters)
      handles.push_back(each.handle);
    return handles;
  }
};

inline kept_letters read_all(reader& from) {
  kept_letters found;
  auto walked =
      from.for_each([&](const std::string& handle, const letter& value) {
        found.letters.push_back({handle, value});
        return reader::next::letter;
      });
  if (walked)
    found.report = std::move(*walked);
  else
    ADD_FAILURE() << walked.error();
  return found;
}

/// As an assertion: ASSERT_TRUE(is_done(sink.write(...))).
inline testing::AssertionResult is_done(const done& result) {
  return result ? testing::AssertionSuccess()
                : testing::AssertionFailure() << result.error();
}

/// The error, or "" where there is none.
inline std::string error_of(const done& result) {
  return result ? std::string{} : result.error();
}

} // namespace mfo::dead_letters
