#pragma once

#include "api/api_error.hpp"
#include "config/server_settings.hpp"
#include "http/client.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <utility>

/// What the tests of calls and replies have in common.
namespace mfo::api {

inline const config::path_settings usual_paths;

inline http::client_response reply(int status, std::string body = {},
                                   http::header_list headers = {}) {
  return {
      .status = status, .headers = std::move(headers), .body = std::move(body)};
}

inline void PrintTo(const api_error& error, std::ostream* out) {
  *out << to_string(error.code) << " " << error.status << " '"
       << error.server_code << "' '" << error.message << "'";
}

/// Matches an expected that holds this error with that in its message.
MATCHER_P2(fails_with, code, text, "") {
  if (arg)
    return false;
  if (result_listener->IsInterested())
    PrintTo(arg.error(), result_listener->stream());
  return arg.error().code == code &&
         arg.error().message.find(text) != std::string::npos;
}

} // namespace mfo::api
