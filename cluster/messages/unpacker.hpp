#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace mfo::cluster {

/// Reads what a peer packed, and believes nothing of it: no read goes beyond
/// the bytes, and nothing is larger than its reader says it may be. After the
/// first mistake it reads zeros and empty texts, so that one look at `failed`
/// in the end, or before something is made of a count, is enough. The bytes
/// must outlive it, and the texts that it gives.
class unpacker {
public:
  explicit unpacker(std::string_view bytes) noexcept : rest_(bytes) {}

  std::uint64_t
  number(std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

  /// The same for a narrower type, up to its greatest value.
  template <class Integer>
  Integer narrow(Integer most = std::numeric_limits<Integer>::max()) {
    return static_cast<Integer>(number(static_cast<std::uint64_t>(most)));
  }

  std::uint64_t fixed();

  bool flag() {
    return number(1) != 0;
  }

  std::string_view text(std::size_t longest);

  /// How many things follow; each has a byte at least, so a count that cannot
  /// be true is a mistake before anybody makes room for it.
  std::size_t count(std::size_t most);

  [[nodiscard]] bool failed() const noexcept {
    return error_.has_value();
  }

  /// A mistake that the reader found: what was read makes no sense.
  void fail(std::string_view why);

  /// Nothing may be left.
  void end();

  /// What is wrong, e.g. "ends within a text"; nothing if all is well.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept {
    return error_;
  }

private:
  std::string_view rest_;
  std::optional<std::string> error_;
};

/// What was read, unless something was wrong with it.
template <class T>
tl::expected<T, std::string> read_or_error(const unpacker& in, T value) {
  if (in.failed())
    return tl::make_unexpected(*in.error());
  return value;
}

} // namespace mfo::cluster
