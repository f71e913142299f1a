#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

/// Compresses, as senders do.
namespace mfo::payload::test {

/// zlib's windowBits.
enum form { gzip = 31, zlib = 15, bare = -15 };

inline std::string deflated(std::string_view text, form how) {
  z_stream z{};
  deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, how, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, static_cast<uLong>(text.size())) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

} // namespace mfo::payload::test
