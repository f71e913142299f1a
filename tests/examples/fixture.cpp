#include "tests/examples/fixture.hpp"

#include "devserver/replies_file.hpp"
#include "tests/devserver/raw_client.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <utility>

namespace mfo::examples {

namespace {

namespace fs = std::filesystem;

const fs::path source = fs::path{MFO_SOURCE_DIR} / "examples/workflows";

std::string with_port(const std::string& text, const std::string& from,
                      std::uint16_t to) {
  return std::regex_replace(text, std::regex{":" + from + "\\b"},
                            fmt::format(":{}", to));
}

} // namespace

const std::vector<std::string>& names() {
  static const std::vector<std::string> all{
      "support_intake",     "github_triage", "nightly_report",
      "fan_out_enrichment", "approval",      "payment_follow_up"};
  return all;
}

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

json ending::result() const {
  auto value = json::parse(output, nullptr, false);
  EXPECT_FALSE(value.is_discarded()) << "no JSON: " << output << errors;
  return value;
}

the_examples::the_examples() {
  fs::copy(source, folder_ / "workflows", fs::copy_options::recursive);
  serve();
  set_variables();
  use_own_ports();
}

void the_examples::serve() {
  devserver::options options;
  for (const auto& each : names()) {
    auto read = devserver::read_replies(file(each + "/replies.yaml"));
    if (read)
      add(options.canned, *std::move(read));
    else
      ADD_FAILURE() << config::to_string(read.error());
  }
  options.on_call = [this](const devserver::call_notice& told) {
    const std::lock_guard lock{mutex_};
    calls_.push_back({std::string{told.path}, std::string{told.body}});
  };
  server = std::make_unique<devserver::server>(std::move(options));
  const auto started = server->start();
  EXPECT_TRUE(started) << started.error();
}

/// As laptop.env has them.
void the_examples::set_variables() {
  for (const auto* name :
       {"SUPPORT_HOOK_SECRET", "GITHUB_HOOK_SECRET", "GITHUB_HOOK_SECRET_OLD",
        "GITHUB_TOKEN", "EXPENSES_HOOK_SECRET", "CRM_TOKEN"})
    variables[name] = fmt::format("marker-of-{}", name);
  variables["LEADS_HOOK_SECRET"] = "whsec_bWFya2VyLW9mLWxlYWRzLWhvb2s=";
  variables["STRIPE_HOOK_SECRET"] = "whsec_marker_of_stripe";
  const auto api = server->url() + "/api";
  variables["CRM_URL"] = api + "/resources/crm";
  variables["GEO_URL"] = api + "/resources/geo";
  variables["SCORE_URL"] = api + "/tools/score_lead";
}

void the_examples::use_own_ports() {
  auto text = text_of(configuration());
  text = with_port(text, "8090", server->port());
  text = with_port(text, "8088", listen.number());
  text = with_port(text, "9090", admin.number());
  std::ofstream{configuration(), std::ios::binary} << text;
}

std::string the_examples::file(const std::string& name) const {
  return folder_ / ("workflows/" + name);
}

ending the_examples::command(std::vector<std::string> words) const {
  words.insert(words.begin(), binary);
  child_process process{words, variables};
  const auto status = process.wait();
  return {status.value_or(-1), process.output(), process.errors()};
}

json the_examples::good(std::vector<std::string> words) const {
  const auto ended = command(std::move(words));
  EXPECT_EQ(ended.status, 0) << ended.errors << ended.output;
  return ended.result();
}

std::vector<json> the_examples::events(std::string_view type) const {
  std::vector<json> found;
  for (const auto& each : server->events())
    if (const auto event = json::parse(each->body); event["type"] == type)
      found.push_back(event["payload"]);
  return found;
}

std::vector<json> the_examples::calls_of(std::string_view tool) {
  const std::lock_guard lock{mutex_};
  std::vector<json> found;
  for (const auto& each : calls_)
    if (each.path == fmt::format("/api/tools/{}", tool))
      found.push_back(json::parse(each.body));
  return found;
}

json the_examples::memory(const std::string& key) const {
  const auto got = devserver::ask(server->port(), "GET", "/api/memory/" + key);
  EXPECT_EQ(got.status, 200) << key << ": " << got.body;
  return json::parse(got.body, nullptr, false)["value"];
}

} // namespace mfo::examples
