#include "http/beast_reply.hpp"

namespace mfo::http {

reply_parser::reply_parser(bool to_head, std::size_t max_body,
                           const data_callback& on_data, bool status_is_enough)
  : on_data_(on_data ? &on_data : nullptr),
    status_is_enough_(status_is_enough) {
  header_limit(max_header);
  body_limit(max_body);
  skip(to_head);
}

void reply_parser::on_request_impl(boost::beast::http::verb, string_view,
                                   string_view, int, error_code&) {
  // A response parser never sees a request line.
}

void reply_parser::on_response_impl(int code, string_view, int, error_code&) {
  reply_.status = code;
  is_unwanted_ = status_is_enough_ && code / 100 == 2;
}

void reply_parser::on_field_impl(boost::beast::http::field, string_view name,
                                 string_view value, error_code&) {
  // Trailer fields must not be mixed with the header's (RFC 9110, section
  // 6.5.1), and nobody here asks for one.
  if (!in_trailer_ && !is_unwanted_)
    reply_.headers.add({name.data(), name.size()},
                       {value.data(), value.size()});
}

void reply_parser::on_header_impl(error_code&) {
  is_handing_ = on_data_ && reply_.status / 100 == 2;
  in_trailer_ = true;
}

void reply_parser::on_body_init_impl(
    const boost::optional<std::uint64_t>& length, error_code&) {
  // The parser has held the length against the limit already.
  if (length && !is_handing_ && !is_unwanted_)
    reply_.body.reserve(static_cast<std::size_t>(*length));
}

std::size_t reply_parser::on_body_impl(string_view piece, error_code&) {
  take(piece);
  return piece.size();
}

void reply_parser::on_chunk_header_impl(std::uint64_t, string_view,
                                        error_code&) {
  // Chunk extensions mean nothing here.
}

std::size_t reply_parser::on_chunk_body_impl(std::uint64_t, string_view piece,
                                             error_code&) {
  take(piece);
  return piece.size();
}

void reply_parser::take(string_view piece) {
  if (is_handing_)
    (*on_data_)({piece.data(), piece.size()});
  else if (!is_unwanted_)
    reply_.body.append(piece.data(), piece.size());
}

void reply_parser::on_finish_impl(error_code&) {
  // The connection asks is_done().
}

} // namespace mfo::http
