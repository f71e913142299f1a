#pragma once

#include "core/text_encoding.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace mfo::api {

inline std::string base64url(std::string_view text) {
  auto coded = core::encode_base64(
      {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  coded.erase(std::min(coded.find('='), coded.size()));
  std::replace(coded.begin(), coded.end(), '+', '-');
  std::replace(coded.begin(), coded.end(), '/', '_');
  return coded;
}

/// A JWT with this payload and a signature that nobody looks at.
inline std::string jwt(std::string_view payload) {
  return base64url(R"({"alg":"HS256"})") + "." + base64url(payload) + ".c2ln";
}

} // namespace mfo::api
