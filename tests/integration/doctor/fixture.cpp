#include "tests/integration/doctor/fixture.hpp"

#include <fmt/format.h>

#include <csignal>

namespace mfo::integration {

using nlohmann::json;
using support::child_process;

void a_doctor::SetUp() {
  devserver::options settings;
  settings.token = token;
  server = std::make_unique<devserver::server>(std::move(settings));
  const auto started = server->start();
  ASSERT_TRUE(started) << started.error();
  server_lines = fmt::format(
      "url: \"{}\", auth: {{type: bearer, token: \"${{MFO_TOKEN}}\"}}",
      server->url());
}

std::string a_doctor::configure() const {
  return folder.write("node.yaml",
                      fmt::format("node_name: {}\n"
                                  "listen: 127.0.0.1:{}\n"
                                  "admin_listen: 127.0.0.1:{}\n"
                                  "servers: {{default: {{{}}}}}\n"
                                  "endpoints: [{}]\n{}",
                                  name, port.number(), admin_port.number(),
                                  server_lines, endpoint, more));
}

a_doctor::variables a_doctor::environment(const variables& more) {
  variables all{{"MFO_TOKEN", token}, {"HOOK_SECRET", secret}};
  for (const auto& [key, value] : more)
    all.insert_or_assign(key, value);
  return all;
}

std::vector<json> a_doctor::ask(const std::string& checks,
                                std::vector<std::string> more_words,
                                const variables& more_variables) {
  std::vector<std::string> words{binary,   "doctor", "--config", configure(),
                                 "--json", "--only", checks};
  words.insert(words.end(), more_words.begin(), more_words.end());
  child_process doctor{words, environment(more_variables)};
  status = doctor.wait().value_or(-1);
  const auto said = json::parse(doctor.output(), nullptr, false);
  if (!said.is_object()) {
    ADD_FAILURE() << doctor.output() << doctor.errors();
    return {};
  }
  EXPECT_EQ(doctor.errors(), "");
  EXPECT_EQ(status, said["failed"] > 0 ? 1 : 0);
  return said["findings"].get<std::vector<json>>();
}

json a_doctor::ask_about(const std::string& check, const std::string& subject,
                         const variables& more_variables) {
  json found;
  for (const auto& each : ask(check, {}, more_variables))
    if (each["check"] == check && each["subject"] == subject) {
      EXPECT_TRUE(found.is_null()) << found << each;
      found = each;
    }
  EXPECT_TRUE(found.is_object()) << "nothing about " << subject;
  return found.is_object() ? found : json::object();
}

void a_doctor::start_node() {
  node = std::make_unique<child_process>(
      std::vector<std::string>{binary, "run", "--config", configure()},
      environment({}));
  ASSERT_TRUE(node->wait_for_line("\"message\":\"node ready\""))
      << node->output() << node->errors();
}

void a_doctor::stop_node() {
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0) << node->output();
  EXPECT_EQ(node->errors(), "");
}

} // namespace mfo::integration
