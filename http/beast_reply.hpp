#pragma once

#include "http/client.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>

namespace mfo::http {

/// Beast's parser, writing straight into a `client_response`: fields and body
/// are copied once, from the socket's buffer to where the caller gets them.
class reply_parser final : public boost::beast::http::basic_parser<false> {
public:
  /// Status line and fields, bytes. Over it the parse ends in
  /// `http::error::header_limit`.
  static constexpr std::uint32_t max_header = 32 * 1024;

  /// `to_head`: the reply to a HEAD request, which has no body whatever its
  /// Content-Length says. A body over `max_body` bytes ends the parse in
  /// `http::error::body_limit`.
  ///
  /// `on_data`, if any, gets the body of a 2xx reply in place of the reply, in
  /// the pieces in which it is read; nothing is parsed after its end.
  /// `status_is_enough`: as in client_request.
  reply_parser(bool to_head, std::size_t max_body,
               const data_callback& on_data = no_callback,
               bool status_is_enough = false);

  int status() const noexcept {
    return reply_.status;
  }

  /// An interim reply (RFC 9110, section 15.2): another one follows, which
  /// cannot be said of 101.
  bool is_interim() const noexcept {
    return reply_.status / 100 == 1 && reply_.status != 101;
  }

  client_response release() noexcept {
    return std::move(reply_);
  }

private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, string_view, string_view, int,
                       error_code&) override;
  void on_response_impl(int code, string_view reason, int version,
                        error_code&) override;
  void on_field_impl(boost::beast::http::field, string_view name,
                     string_view value, error_code&) override;
  void on_header_impl(error_code&) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length,
                         error_code&) override;
  std::size_t on_body_impl(string_view piece, error_code&) override;
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override;
  std::size_t on_chunk_body_impl(std::uint64_t, string_view piece,
                                 error_code&) override;
  void on_finish_impl(error_code&) override;

  void take(string_view piece);

  static inline const data_callback no_callback{};

  client_response reply_;
  const data_callback* on_data_;
  const bool status_is_enough_;
  bool is_handing_ = false;
  bool is_unwanted_ = false; ///< all but the status
  bool in_trailer_ = false;
};

} // namespace mfo::http
