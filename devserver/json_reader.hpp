#pragma once

#include "core/json_check.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::devserver {

/// What a body has to be known for; empty where the member is missing or no
/// string (an "id" that is a number is taken as its text).
struct event_summary {
  std::string id;
  std::string type;
};

/// Looks into bodies without making a tree of them. Keeps a parser's buffers:
/// for one thread at a time.
class json_reader {
public:
  /// Nothing if `body` is not JSON. May reserve room behind its end, and
  /// changes nothing else.
  std::optional<event_summary> inspect(std::string& body);

  /// The bytes of each element of an array; nothing if `body`, which is known
  /// to be JSON, is none, or has more than `most`.
  std::optional<std::vector<std::string>> elements(std::string& body,
                                                   std::size_t most);

  /// The bytes of the object's member `name`, cut out of `body`, or nothing.
  /// `body` is known to be JSON.
  std::optional<std::string_view> member(std::string& body,
                                         std::string_view name);

private:
  core::json_checker checker_;
  simdjson::ondemand::parser parser_;
};

} // namespace mfo::devserver
