// Compressed bodies: whatever the bytes, what comes out is within the bounds,
// and what zlib packs comes out as it was.

#include "fuzz/target.hpp"
#include "payload/inflate.hpp"

#include <zlib.h>

#include <string>

namespace mfo::fuzz {

namespace {

using payload::coding;

/// `window` as deflateInit2 has it: which form.
std::string pack(std::string_view text, int window) {
  z_stream stream{};
  require(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window, 8,
                       Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  require(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

} // namespace

void run(std::string_view input) {
  for (const auto how : {coding::gzip, coding::deflate}) {
    constexpr payload::inflate_bounds narrow{.max_bytes = 200'000,
                                             .max_ratio = 10};
    if (const auto text = payload::inflate(input, how, narrow)) {
      require(text->size() <= narrow.max_bytes);
      require(text->size() <= payload::ratio_floor ||
              text->size() <= narrow.max_ratio * input.size());
      // The bounds change nothing of what is within them.
      require(payload::inflate(input, how, {}) == *text);
    }
  }
  const auto gzip = pack(input, 15 + 16);
  require(payload::inflate(gzip, coding::gzip, {}) == input);
  require(payload::inflate(gzip + gzip, coding::gzip, {}) ==
          std::string{input} + std::string{input});
  require(payload::inflate(pack(input, 15), coding::deflate, {}) == input);
  require(payload::inflate(pack(input, -15), coding::deflate, {}) == input);
  require(!payload::inflate(gzip.substr(0, gzip.size() - 1), coding::gzip, {}));
}

} // namespace mfo::fuzz
