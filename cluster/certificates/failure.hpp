#pragma once

#include <fmt/format.h>
#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// Makes the private CA of a cluster and the certificates of its nodes.
namespace mfo::cluster::certificates {

enum class fault : std::uint8_t {
  request, ///< what was asked for: a name, a lifetime
  system,  ///< a file that is missing, in the way or no good; OpenSSL
};

/// Why nothing was made, in one line that names the file and says what to do.
struct failure {
  fault what;
  std::string text;
};

template <class T>
using expected = tl::expected<T, failure>;

inline tl::unexpected<failure> bad_request(std::string text) {
  return tl::unexpected(failure{fault::request, std::move(text)});
}

inline tl::unexpected<failure> bad_file(std::string_view path,
                                        std::string_view why) {
  return tl::unexpected(
      failure{fault::system, fmt::format("{}: {}", path, why)});
}

} // namespace mfo::cluster::certificates
