#include "http/admin/problem.hpp"

#include "core/problem.hpp"

#include <fmt/format.h>

namespace mfo::http {

using nlohmann::json;

std::string json_text(const json& body) {
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

answer json_answer(const json& body, int status) {
  return {.status = status, .body = json_text(body)};
}

answer problem(int status, std::string_view detail, json more) {
  more["type"] = "about:blank";
  more["status"] = status;
  more["detail"] = detail;
  return {.status = status,
          .media_type = core::problem_media_type,
          .body = json_text(more)};
}

answer wrong_method(std::string_view allow) {
  auto result = problem(405, fmt::format("Use one of {}.", allow));
  result.allow = allow;
  return result;
}

} // namespace mfo::http
