#pragma once

#include "http/admin/stream_output.hpp"
#include "http/restinio_answer.hpp"

#include <restinio/all.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mfo::http {

/// An answer whose body comes bit by bit (RFC 9112, section 7.1), and which is
/// the last of its connection. RESTinio's time-out for an answer counts anew
/// with each bit; its time-out for a write ends what nobody reads.
class restinio_stream final : public stream_output {
public:
  /// `head`: all but the body. `open` is kept until all is sent, or cannot be.
  restinio_stream(restinio::request_t& request, answer head,
                  std::shared_ptr<const void> open)
    : builder_(request.create_response<restinio::chunked_output_t>()),
      open_(std::move(open)) {
    head.close = true;
    set_head(builder_, head);
  }

  void write(std::string text, std::function<void(bool)> sent) override {
    builder_.append_chunk(std::move(text));
    builder_.flush(
        [sent = std::move(sent)](const auto& error) { sent(!error); });
  }

  void end() override {
    builder_.done([open = std::move(open_)](const auto&) {});
  }

private:
  restinio::response_builder_t<restinio::chunked_output_t> builder_;
  std::shared_ptr<const void> open_;
};

} // namespace mfo::http
