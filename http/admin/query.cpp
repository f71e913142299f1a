#include "http/admin/query.hpp"

#include "config/text.hpp"
#include "config/units.hpp"
#include "core/form.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace mfo::http {

tl::expected<query_fields, std::string>
read_query(std::string_view query, const std::vector<std::string_view>& known) {
  query_fields fields;
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

std::string value_in(const query_fields& fields, const std::string& name) {
  const auto at = fields.find(name);
  return at == fields.end() ? std::string{} : at->second;
}

tl::expected<std::string, std::string>
word_in(const query_fields& fields, const std::string& name,
        std::span<const std::string_view> words) {
  auto word = value_in(fields, name);
  if (!word.empty() && std::ranges::find(words, word) == words.end())
    return tl::unexpected{
        fmt::format("`{}` is one of {}.", name, fmt::join(words, ", "))};
  return word;
}

tl::expected<std::size_t, std::string> limit_in(const query_fields& fields,
                                                std::size_t usual) {
  const auto at = fields.find("limit");
  if (at == fields.end())
    return usual;
  constexpr std::size_t most = 10'000;
  const auto limit = config::parse_integer(at->second);
  if (!limit || *limit < 1 || *limit > most)
    return tl::unexpected{fmt::format("`limit` is 1 to {}.", most)};
  return *limit;
}

} // namespace mfo::http
