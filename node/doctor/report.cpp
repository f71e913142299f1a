#include "node/doctor/report.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

namespace {

using nlohmann::json;

std::string_view mark_of(verdict how) {
  switch (how) {
  case verdict::ok:
    return "✓";
  case verdict::warning:
    return "!";
  case verdict::failed:
    return "✗";
  case verdict::left_out:
    break;
  }
  return "-";
}

std::string line_of(std::string_view check, const finding& found) {
  auto line = found.subject.empty()
                  ? fmt::format("{} {}: {}\n", mark_of(found.how), check,
                                core::printable(found.text))
                  : fmt::format("{} {}: {}: {}\n", mark_of(found.how), check,
                                core::printable(found.subject),
                                core::printable(found.text));
  if (!found.remedy.empty())
    line += fmt::format("    {}\n", core::printable(found.remedy));
  return line;
}

} // namespace

tally count(const std::vector<checked>& all) {
  tally sum;
  for (const auto& check : all)
    for (const auto& each : check.found)
      ++(each.how == verdict::ok        ? sum.ok
         : each.how == verdict::warning ? sum.warnings
         : each.how == verdict::failed  ? sum.failed
                                        : sum.left_out);
  return sum;
}

std::string to_text(const std::vector<checked>& all) {
  std::string text;
  for (const auto& check : all)
    for (const auto& each : check.found)
      text += line_of(check.name, each);
  const auto sum = count(all);
  return text + fmt::format("{} good, {} to be looked at, {} failed, {} left "
                            "out\n",
                            sum.ok, sum.warnings, sum.failed, sum.left_out);
}

json to_json(const std::string& config_file, const std::vector<checked>& all) {
  auto lines = json::array();
  for (const auto& check : all)
    for (const auto& each : check.found) {
      json line{{"check", check.name},
                {"verdict", to_string(each.how)},
                {"subject", each.subject},
                {"text", each.text}};
      if (!each.remedy.empty())
        line["remedy"] = each.remedy;
      lines.push_back(std::move(line));
    }
  const auto sum = count(all);
  return {{"config", config_file}, {"findings", std::move(lines)},
          {"ok", sum.ok},          {"warnings", sum.warnings},
          {"failed", sum.failed},  {"left_out", sum.left_out}};
}

} // namespace mfo::node::doctor
