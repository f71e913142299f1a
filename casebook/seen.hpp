#pragma once

#include "http/client.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mfo::casebook {

/// A call of a server's API, or of `http_call`.
struct seen_call {
  std::string server;    ///< its name; empty: an http_call
  std::string operation; ///< api::operation_names; empty: an http_call
  std::string method;
  std::string target; ///< path and query; of an http_call the URL
  http::header_list headers;
  std::string body;
};

struct seen_run {
  std::string workflow;
  std::string taskflow;
  std::string outcome; ///< taskflow::task_outcome_names
  std::string error;   ///< its code
  nlohmann::json result;
};

struct seen_letter {
  std::string endpoint;
  std::string server;
  std::string type;
  std::string reason;
  std::string body; ///< what would have been sent
};

/// What has come of a step.
struct seen {
  int status = 0; ///< of the answer
  http::header_list headers{};
  std::string body{};
  std::uint64_t received = 0, delivered = 0, refused = 0, dead_lettered = 0;
  /// Why events were refused or became dead letters: slugs of core::errc.
  std::map<std::string, std::uint64_t> reasons{};
  std::vector<seen_call> calls{};
  std::vector<seen_run> runs{};
  std::vector<seen_letter> letters{};
  /// Why it came to no end; empty: it did.
  std::string trouble{};
};

} // namespace mfo::casebook
