#include "taskflow/run/prompt_text.hpp"

#include "core/text.hpp"

namespace mfo::taskflow {

std::string as_text(const json& value) {
  if (value.is_string())
    return value.get<std::string>();
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

tl::expected<std::string, std::string> fill_prompt(std::string_view text,
                                                   const json& context) {
  std::string filled;
  while (true) {
    const auto open = text.find("{{");
    const auto close =
        open == text.npos ? text.npos : text.find("}}", open + 2);
    filled += text.substr(0, close == text.npos ? text.npos : open);
    if (close == text.npos)
      return filled;
    const std::string name{
        core::trim_blanks(text.substr(open + 2, close - open - 2))};
    const auto value = context.find(name);
    if (value == context.end())
      return tl::unexpected("prompt_context has no \"" + name +
                            "\", which the prompt names");
    filled += as_text(*value);
    text.remove_prefix(close + 2);
  }
}

} // namespace mfo::taskflow
