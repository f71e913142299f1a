#include "node/json_cells.hpp"

#include "api/json_body.hpp"
#include "taskflow/trace/elapsed.hpp"

#include <chrono>

namespace mfo::node {

using nlohmann::json;

std::string text_in(const json& from, std::string_view name) {
  auto text = api::optional_text(from, name);
  return text.empty() ? "-" : text;
}

std::string time_in(const json& from, std::string_view name) {
  const auto* member = api::find_member(from, name);
  if (member == nullptr || !member->is_number())
    return "-";
  const std::chrono::duration<double, std::milli> time{member->get<double>()};
  return taskflow::elapsed(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time));
}

std::vector<json> list_in(const json& from, std::string_view name) {
  const auto* list = api::find_member(from, name);
  if (list == nullptr || !list->is_array())
    return {};
  return {list->begin(), list->end()};
}

std::vector<std::string> words_in(const json& from, std::string_view name) {
  std::vector<std::string> words;
  for (const auto& each : list_in(from, name))
    words.push_back(api::text_of(each).value_or("-"));
  return words;
}

} // namespace mfo::node
