// The cases of cloudevents/conformance, read where MFO_EXTERNAL_VECTORS says.
// They are Gherkin: an outline with a request, a table of attributes, data, and
// examples of content types that stand in for <contentType>.

#include "payload/decode.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace mfo::payload {

namespace {

using nlohmann::json;

std::string trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return std::string{
      text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

/// The cells of `| a | b |`.
std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> found;
  line.remove_prefix(line.find('|') + 1);
  for (auto end = line.find('|'); end != std::string_view::npos;
       end = line.find('|')) {
    found.push_back(trim(line.substr(0, end)));
    line.remove_prefix(end + 1);
  }
  return found;
}

struct scenario {
  std::string name;
  std::vector<std::string> request; ///< lines, without their indentation
  std::string data;
  std::map<std::string, std::string> attributes;
  std::vector<std::string> content_types;
};

std::vector<scenario> read_scenarios(const std::filesystem::path& file) {
  std::vector<scenario> all;
  std::ifstream in(file);
  std::string step;
  bool quoted = false;
  for (std::string line; std::getline(in, line);) {
    const auto text = trim(line);
    if (text.starts_with("Scenario Outline:")) {
      all.emplace_back().name = text;
    } else if (all.empty()) {
      continue;
    } else if (text == "\"\"\"") {
      quoted = !quoted;
    } else if (quoted && step.find("HTTP request") != std::string::npos) {
      constexpr std::size_t indentation = 8;
      all.back().request.push_back(
          line.size() > indentation ? line.substr(indentation) : "");
    } else if (quoted) {
      all.back().data += text;
    } else if (!text.starts_with("|")) {
      step = text;
    } else if (const auto row = cells(text); row.size() == 2) {
      if (row[0] != "key")
        all.back().attributes[row[0]] = row[1];
    } else if (row[0] != "contentType") {
      all.back().content_types.push_back(row[0]);
    }
  }
  return all;
}

std::string with_type(std::string text, const std::string& type) {
  constexpr std::string_view place{"<contentType>"};
  if (const auto at = text.find(place); at != std::string::npos)
    text.replace(at, place.size(), type);
  return text;
}

void expect_event(const scenario& given, const std::string& type) {
  SCOPED_TRACE(given.name + ": " + type);
  core::header_fields fields;
  std::string content_type;
  std::size_t line = 1;
  for (; line < given.request.size() && !given.request[line].empty(); ++line) {
    const auto text = with_type(given.request[line], type);
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto value = trim(text.substr(colon + 1));
    if (name == "Content-Type")
      content_type = value;
    fields.add(name, value);
  }
  std::string body;
  for (++line; line < given.request.size(); ++line)
    body += given.request[line] + "\n";
  const config::payload_settings settings;
  core::json_checker checker;
  ASSERT_TRUE(takes(content_type, "", is_binary(fields), settings));
  ASSERT_FALSE(is_plain(content_type, "", fields, settings));
  const auto found =
      decode({content_type, "", fields, body}, settings, {}, checker);
  ASSERT_TRUE(found) << found.error().detail;
  ASSERT_EQ(found->size(), 1u);
  json expected;
  for (const auto& [name, value] : given.attributes)
    expected[name] = with_type(value, type);
  EXPECT_EQ(json::parse(found->front().cloud->attributes), expected);
  EXPECT_EQ(json::parse(found->front().payload), json::parse(given.data));
}

TEST(cloud_events_conformance, is_that_of_the_http_protocol_binding) {
  const auto* folder = std::getenv("MFO_EXTERNAL_VECTORS");
  if (folder == nullptr)
    GTEST_SKIP() << "MFO_EXTERNAL_VECTORS is not set";
  const auto all =
      read_scenarios(std::filesystem::path{folder} / "cloudevents" /
                     "http-protocol-binding.feature");
  std::size_t cases = 0;
  for (const auto& each : all)
    for (const auto& type : each.content_types) {
      expect_event(each, type);
      ++cases;
    }
  EXPECT_GE(cases, 4u) << "of " << all.size() << " scenarios";
}

} // namespace

} // namespace mfo::payload
