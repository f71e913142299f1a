#pragma once

#include "http/answer.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

/// The answers of the admin listener (RFC 9457 where they are problems).
namespace mfo::http {

/// One line. Texts that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::json& body);

/// 200, or as `status` says.
[[nodiscard]] answer json_answer(const nlohmann::json& body, int status = 200);

/// `more`: members besides type, status and detail.
[[nodiscard]] answer problem(int status, std::string_view detail,
                             nlohmann::json more = nlohmann::json::object());

/// 405; `allow` names those that are good.
[[nodiscard]] answer wrong_method(std::string_view allow);

} // namespace mfo::http
