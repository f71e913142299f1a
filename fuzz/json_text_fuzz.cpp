// A text as a JSON string: always JSON that reads back as the text, or, where
// its bytes are not UTF-8, as the text with replacement characters.

#include "core/json_grammar.hpp"
#include "core/json_text.hpp"
#include "fuzz/target.hpp"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <string>

namespace mfo::fuzz {

void run(std::string_view input) {
  std::string out;
  core::append_json_string(out, input);
  require(core::is_json_text(out, 1));
  require(simdjson::validate_utf8(out));
  const auto back = nlohmann::json::parse(out).get<std::string>();
  if (simdjson::validate_utf8(input.data(), input.size()))
    require(back == input);
  else
    require(back.find("\xef\xbf\xbd") != std::string::npos);
}

} // namespace mfo::fuzz
