#pragma once

#include <string>
#include <string_view>

namespace mfo::signatures {

/// What `hmac` signs: `{timestamp}.{body}` and the like, taken apart once. The
/// body is there once, the timestamp at most once and before it.
struct signed_content {
  explicit signed_content(std::string_view text) {
    constexpr std::string_view time{"{timestamp}"};
    constexpr std::string_view body{"{body}"};
    const auto body_at = text.find(body);
    auto head = text.substr(0, body_at);
    after_body = body_at == std::string_view::npos
                     ? std::string_view{}
                     : text.substr(body_at + body.size());
    if (const auto at = head.find(time); at != std::string_view::npos) {
      has_timestamp = true;
      before_timestamp = head.substr(0, at);
      head.remove_prefix(at + time.size());
    }
    before_body = head;
  }

  std::string before_timestamp;
  std::string before_body;
  std::string after_body;
  bool has_timestamp = false;
};

} // namespace mfo::signatures
