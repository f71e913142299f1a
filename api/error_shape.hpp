#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace mfo::api {

/// What a server says of an error, in one of the shapes that
/// `error_of_reply` understands. Printable texts, cut at 64 and 512 bytes.
struct error_shape {
  std::string code{};
  std::string message{};
  int status = 0; ///< as `status_in` has it
};

/// The HTTP status under "status", 100 to 599; else 0.
int status_in(const nlohmann::json& object);

/// Of a whole body; all empty where it is none of the shapes.
error_shape read_error_shape(const nlohmann::json& body);

/// Of what stands under "error" in a larger object.
error_shape read_error_value(const nlohmann::json& error);

} // namespace mfo::api
