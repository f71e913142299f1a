#include "api/notifications.hpp"

namespace mfo::api {

call_result make_subscribe_call(const config::path_settings& paths,
                                const subscribe_request& request) {
  if (request.event.empty() || request.callback_url.empty())
    return tl::unexpected(
        invalid_request("event and callback_url are asked for"));
  return with_json(
      {.what = operation::subscribe,
       .method = "POST",
       .target = paths.subscribe,
       .repeatable = false},
      {{"event", request.event}, {"callback_url", request.callback_url}});
}

tl::expected<subscribe_reply, api_error>
parse_subscribe_reply(const http::client_response& reply) {
  if (auto good = check_status(reply); !good)
    return tl::unexpected(std::move(good.error()));
  const auto body = parse_json(reply.body).value_or(json{});
  auto id = optional_text(body, "id");
  if (id.empty())
    id = optional_text(body, "subscription_id");
  return subscribe_reply{std::move(id)};
}

} // namespace mfo::api
