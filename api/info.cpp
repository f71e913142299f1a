#include "api/info.hpp"

namespace mfo::api {

call make_info_call(const config::path_settings& paths) {
  return {.what = operation::info, .target = paths.info};
}

tl::expected<info_reply, api_error>
parse_info_reply(const http::client_response& reply) {
  const auto body = read_reply(reply);
  if (!body)
    return tl::unexpected(body.error());
  if (!body->is_object())
    return tl::unexpected(wrong_type("", "an object"));
  return info_reply{
      optional_text(*body, "name"), optional_text(*body, "version"),
      body->value("endpoints", json{}), body->value("capabilities", json{})};
}

} // namespace mfo::api
