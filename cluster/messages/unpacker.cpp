#include "cluster/messages/unpacker.hpp"

namespace mfo::cluster {

void unpacker::fail(std::string_view why) {
  if (!error_)
    error_ = std::string(why);
  rest_ = {};
}

std::uint64_t unpacker::number(std::uint64_t most) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    if (rest_.empty()) {
      fail("ends within a number");
      return 0;
    }
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    const std::uint64_t bits = byte & 0x7fU;
    // The tenth byte has one bit to give; a last byte of zero says nothing.
    if ((shift == 63 && byte > 1) || (shift != 0 && byte == 0)) {
      fail("has a number in a form that is not the shortest");
      return 0;
    }
    value |= bits << shift;
    if ((byte & 0x80U) == 0)
      break;
  }
  if (value > most) {
    fail("has a number that is too large");
    return 0;
  }
  return value;
}

std::uint64_t unpacker::fixed() {
  if (rest_.size() < 8) {
    fail("ends within a number");
    return 0;
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 8; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
  rest_.remove_prefix(8);
  return value;
}

std::string_view unpacker::text(std::size_t longest) {
  const auto size = number();
  if (failed())
    return {};
  if (size > longest) {
    fail("has a text that is too long");
    return {};
  }
  if (size > rest_.size()) {
    fail("ends within a text");
    return {};
  }
  const auto found = rest_.substr(0, static_cast<std::size_t>(size));
  rest_.remove_prefix(found.size());
  return found;
}

std::size_t unpacker::count(std::size_t most) {
  const auto given = number();
  if (failed())
    return 0;
  if (given > most || given > rest_.size()) {
    fail("has a count that is too large");
    return 0;
  }
  return static_cast<std::size_t>(given);
}

void unpacker::end() {
  if (!failed() && !rest_.empty())
    fail("goes on behind its end");
}

} // namespace mfo::cluster
