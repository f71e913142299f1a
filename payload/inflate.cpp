#include "payload/inflate.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace mfo::payload {

namespace {

/// Of zlib's windowBits: 15 bits, +16 for gzip, negative for no header.
constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;
constexpr int bare_window = -15;

class stream {
public:
  explicit stream(int window) {
    if (inflateInit2(&zlib_, window) != Z_OK)
      throw std::bad_alloc{};
  }

  ~stream() {
    inflateEnd(&zlib_);
  }

  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  z_stream* get() noexcept {
    return &zlib_;
  }

private:
  z_stream zlib_{};
};

/// Whether the first two bytes are those of zlib's form (RFC 1950, 2.2).
bool has_zlib_header(std::string_view body) noexcept {
  if (body.size() < 2)
    return false;
  const auto first = static_cast<unsigned char>(body[0]);
  const auto second = static_cast<unsigned char>(body[1]);
  return (first & 0x0F) == Z_DEFLATED && (first * 256U + second) % 31 == 0;
}

int window_of(std::string_view body, coding how) noexcept {
  if (how == coding::gzip)
    return gzip_window;
  return has_zlib_header(body) ? zlib_window : bare_window;
}

tl::unexpected<flaw> too_large(const inflate_bounds& bounds, std::size_t most) {
  if (most < bounds.max_bytes)
    return flawed(core::errc::payload_too_large,
                  fmt::format("the body inflates to more than {} times its "
                              "size",
                              bounds.max_ratio));
  return flawed(
      core::errc::payload_too_large,
      fmt::format("the body inflates to more than {} bytes", bounds.max_bytes));
}

} // namespace

std::optional<coding> parse_coding(std::string_view name) noexcept {
  if (core::equal_ignoring_case(name, "gzip") ||
      core::equal_ignoring_case(name, "x-gzip"))
    return coding::gzip;
  if (core::equal_ignoring_case(name, "deflate"))
    return coding::deflate;
  return std::nullopt;
}

tl::expected<std::string, flaw> inflate(std::string_view body, coding how,
                                        const inflate_bounds& bounds) {
  stream zlib{window_of(body, how)};
  auto& z = *zlib.get();
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  z.avail_in = static_cast<uInt>(body.size());
  const auto most = std::min(
      bounds.max_bytes, std::max(ratio_floor, body.size() * bounds.max_ratio));
  std::string out;
  std::array<char, 16 * 1024> chunk{};
  for (;;) {
    z.next_out = reinterpret_cast<Bytef*>(chunk.data());
    z.avail_out = static_cast<uInt>(chunk.size());
    const auto result = ::inflate(&z, Z_NO_FLUSH);
    const auto got = chunk.size() - z.avail_out;
    if (out.size() + got > most)
      return too_large(bounds, most);
    out.append(chunk.data(), got);
    if (result == Z_STREAM_END) {
      if (z.avail_in == 0)
        return out;
      // What follows a gzip member is another one (RFC 1952, section 2.2).
      if (how != coding::gzip || inflateReset(&z) != Z_OK)
        return flawed(core::errc::malformed_body,
                      "there is something behind the compressed body");
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc{};
    } else if (result != Z_OK || (z.avail_in == 0 && got < chunk.size())) {
      return flawed(core::errc::malformed_body,
                    result == Z_OK || result == Z_BUF_ERROR
                        ? "the compressed body ends too early"
                        : "the body is not what its Content-Encoding says");
    }
  }
}

} // namespace mfo::payload
