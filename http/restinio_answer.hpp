#pragma once

#include "core/http_date.hpp"
#include "http/answer.hpp"

#include <boost/beast/http/status.hpp>
#include <restinio/all.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

/// Answers as RESTinio's response builders take them.
namespace mfo::http {

/// All of an answer but its body.
template <class Builder>
void set_head(Builder& builder, const answer& value) {
  const auto reason = boost::beast::http::obsolete_reason(
      static_cast<boost::beast::http::status>(value.status));
  builder.header().status_line(restinio::http_status_line_t{
      restinio::http_status_code_t{static_cast<std::uint16_t>(value.status)},
      std::string{reason.data(), reason.size()}});
  builder.append_header(restinio::http_field::date,
                        core::to_http_date(std::chrono::system_clock::now()));
  builder.append_header(restinio::http_field::content_type,
                        std::string{value.media_type});
  if (value.retry_after.count() > 0)
    builder.append_header(restinio::http_field::retry_after,
                          std::to_string(value.retry_after.count()));
  if (!value.allow.empty())
    builder.append_header(restinio::http_field::allow, value.allow);
  for (const auto& [name, text] : value.fields)
    builder.append_header(name, text);
  if (value.close)
    builder.connection_close();
}

/// Sends all of an answer; of one to HEAD, and of 304, only the fields (RFC
/// 9110, sections 9.3.2 and 15.4.5). `open` is kept until it is sent, or cannot
/// be.
inline void send_answer(restinio::request_t& request, answer value,
                        std::shared_ptr<const void> open = nullptr) {
  constexpr int not_modified = 304;
  // This builder can tell the length of a body that is not sent.
  auto builder = request.create_response<restinio::user_controlled_output_t>();
  set_head(builder, value);
  builder.set_content_length(value.body.size());
  if (request.header().method() != restinio::http_method_head() &&
      value.status != not_modified)
    builder.set_body(std::move(value.body));
  builder.done([open = std::move(open)](const auto&) {});
}

} // namespace mfo::http
