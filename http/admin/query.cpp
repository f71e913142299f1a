#include "http/admin/query.hpp"

#include "config/text.hpp"
#include "config/units.hpp"
#include "core/form.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mfo::http {

tl::expected<std::map<std::string, std::string>, std::string>
read_query(std::string_view query, const std::vector<std::string_view>& known) {
  std::map<std::string, std::string> fields;
  std::string flaw;
  core::for_each_form_field(query, [&](auto raw_name, auto raw_value) {
    const auto name = core::decode_form_text(raw_name);
    auto value = core::decode_form_text(raw_value);
    if (std::ranges::find(known, name) == known.end())
      flaw = fmt::format("The query may have: {}.", fmt::join(known, ", "));
    else if (config::first_invalid_utf8(value))
      flaw = fmt::format("`{}` of the query is not UTF-8.", name);
    else if (!fields.emplace(name, std::move(value)).second)
      flaw = fmt::format("`{}` is twice in the query.", name);
  });
  if (!flaw.empty())
    return tl::unexpected{std::move(flaw)};
  return fields;
}

tl::expected<std::size_t, std::string> read_limit(std::string_view text) {
  constexpr std::size_t most = 10'000;
  const auto limit = config::parse_integer(text);
  if (!limit || *limit < 1 || *limit > most)
    return tl::unexpected{fmt::format("`limit` is 1 to {}.", most)};
  return *limit;
}

} // namespace mfo::http
