#include "payload/redaction_words.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace mfo::payload {

std::string bare_name(std::string_view name) {
  auto bare = core::lower_case(name);
  std::erase_if(bare, [](char each) {
    return each == '_' || each == '-' || each == '.' || each == ' ';
  });
  return bare;
}

bool sounds_secret(std::string_view bare) {
  return std::ranges::any_of(secret_parts,
                             [&](std::string_view each) {
                               return bare.find(each) != std::string_view::npos;
                             }) ||
         std::ranges::any_of(
             secret_endings,
             [&](std::string_view each) { return bare.ends_with(each); }) ||
         std::ranges::find(secret_words, bare) != secret_words.end();
}

bool is_card_number(std::string_view outer, std::string_view name) {
  return bare_name(name) == "number" &&
         bare_name(outer).find("card") != std::string::npos;
}

} // namespace mfo::payload
