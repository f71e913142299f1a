#include "api/chat_stream.hpp"

#include "api/error_shape.hpp"
#include "api/json_body.hpp"

#include <utility>

namespace mfo::api {

namespace {

api_error stream_error(error_shape said) {
  return {.code = api_errc::failed_in_stream,
          .status = said.status,
          .server_code = std::move(said.code),
          .message = said.message.empty() ? "the stream ended with an error"
                                          : std::move(said.message)};
}

} // namespace

tl::expected<void, api_error> chat_stream::feed(std::string_view piece,
                                                const sink& said) {
  if (complete_)
    return {};
  if (!error_) {
    auto fed = parser_.feed(piece, [&](const sse_event& event) {
      if (!complete_ && !error_)
        read(event, said);
    });
    if (!fed && !complete_ && !error_)
      error_ = std::move(fed.error());
  }
  if (error_)
    return tl::unexpected(*error_);
  return {};
}

void chat_stream::read(const sse_event& event, const sink& said) {
  if (event.data == "[DONE]") {
    complete_ = true;
    return;
  }
  const auto value = parse_json(event.data);
  if (event.type == "error") {
    error_ = stream_error(value ? read_error_shape(*value) : error_shape{});
    return;
  }
  if (!value || !value->is_object()) {
    error_ = api_error{
        .code = api_errc::bad_reply,
        .message = "an event of the stream is neither [DONE] nor an object"};
    return;
  }
  if (const auto* error = find_member(*value, "error")) {
    error_ = stream_error(read_error_value(*error));
    return;
  }
  if (auto thread = optional_text(*value, "thread_id"); !thread.empty())
    thread_id_ = std::move(thread);
  if (const auto* content = find_member(*value, "content"))
    said(*content);
  complete_ = optional_text(*value, "status") == "complete";
}

tl::expected<void, api_error> chat_stream::end() const {
  if (error_)
    return tl::unexpected(*error_);
  if (complete_)
    return {};
  return tl::unexpected(
      api_error{.code = api_errc::truncated,
                .message = "the stream broke off before its end"});
}

} // namespace mfo::api
