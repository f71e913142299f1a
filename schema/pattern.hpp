#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace mfo::schema {

/// A regular expression of a schema: ECMA 262 as far as RE2 has it, which is
/// all but look-around and back-references. Matches in time linear in the text
/// and with bounded memory, whatever expression and text are
/// (https://github.com/google/re2/wiki/WhyRE2).
///
/// Immutable; may be used from any number of threads at once.
class pattern {
public:
  /// Nothing if RE2 cannot do it, or only with too much memory.
  static std::optional<pattern> compile(std::string_view expression);

  pattern(pattern&&) noexcept;
  pattern& operator=(pattern&&) noexcept;
  ~pattern();

  /// Whether it matches somewhere in `text`, which is UTF-8.
  [[nodiscard]] bool matches(std::string_view text) const;

private:
  explicit pattern(std::unique_ptr<const re2::RE2> engine);

  std::unique_ptr<const re2::RE2> engine_;
};

/// The same expression as RE2 writes it; nothing if it has an escape that
/// means something else there.
std::optional<std::string> to_re2_syntax(std::string_view expression);

} // namespace mfo::schema
