#include "tests/integration/fixture.hpp"

#include <csignal>
#include <fstream>
#include <sstream>

namespace mfo::integration {
namespace {

using testing::HasSubstr;

/// `mfo-node dev-server` as a process.
class dev_server : public testing::Test {
protected:
  void start(const std::vector<std::string>& more) {
    std::vector<std::string> words{binary, "dev-server", "--listen",
                                   "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    server = std::make_unique<child_process>(words);
    const auto line = server->wait_for_line("listening on");
    ASSERT_TRUE(line) << server->errors();
    port = static_cast<std::uint16_t>(
        std::stoul(line->substr(line->rfind(':') + 1)));
  }

  int post(std::string_view body) const {
    return devserver::ask(port, "POST", "/api/events", body).status;
  }

  support::temporary_folder folder;
  std::unique_ptr<child_process> server;
  std::uint16_t port = 0;
};

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

TEST_F(dev_server, prints_a_line_for_each_event) {
  start({});
  EXPECT_EQ(post(R"({"id":"one","type":"a.b"})"), 202);
  EXPECT_TRUE(server->wait_for_line("event id=one type=a.b bytes=25"));
}

TEST_F(dev_server, ends_with_0_when_told_to) {
  start({"--quiet"});
  server->signal(SIGTERM);
  EXPECT_EQ(server->wait(), 0);
  EXPECT_EQ(server->errors(), "");
}

TEST_F(dev_server, records_what_it_took_and_only_that) {
  const auto path = folder / "ids";
  start({"--quiet", "--record", path});
  EXPECT_EQ(post(R"({"id":"one"})"), 202);
  EXPECT_EQ(post("no JSON"), 400);
  devserver::ask(port, "POST", "/__control/faults", R"({"statuses":[503]})");
  EXPECT_EQ(post(R"({"id":"two"})"), 503);
  EXPECT_EQ(post(R"({"id":"three"})"), 202);
  EXPECT_EQ(text_of(path), "one\nthree\n");
}

TEST_F(dev_server, adds_to_the_record_of_one_that_was_killed) {
  const auto path = folder / "ids";
  start({"--quiet", "--record", path});
  EXPECT_EQ(post(R"({"id":"one"})"), 202);
  server->signal(SIGKILL);
  EXPECT_EQ(server->wait(), -SIGKILL);
  start({"--quiet", "--record", path});
  EXPECT_EQ(post(R"({"id":"two"})"), 202);
  EXPECT_EQ(text_of(path), "one\ntwo\n");
}

TEST_F(dev_server, names_the_record_that_it_cannot_write) {
  child_process failing{{binary, "dev-server", "--listen", "127.0.0.1:0",
                         "--record", folder / "missing/ids"}};
  EXPECT_EQ(failing.wait(), 69);
  EXPECT_THAT(failing.errors(), HasSubstr("missing/ids: No such file"));
}

TEST_F(dev_server, gives_out_tokens_that_last_as_long_as_it_was_told) {
  start({"--quiet", "--token-lifetime", "60"});
  const auto got = devserver::ask(
      port, "POST", "/oauth/token", "grant_type=client_credentials",
      {{"Authorization", "Basic YWRhOnB3"}}); // ada:pw
  EXPECT_EQ(got.status, 200);
  EXPECT_THAT(got.body, HasSubstr(R"("expires_in":60)"));
}

TEST_F(dev_server, refuses_to_face_a_network) {
  child_process open{{binary, "dev-server", "--listen", "0.0.0.0:0"}};
  EXPECT_EQ(open.wait(), 69);
  EXPECT_THAT(open.errors(), HasSubstr("--allow-remote"));
}

/// `mfo-node send` and a node that reads the same file.
class send : public running_node {};

TEST_F(send, signs_as_the_nodes_configuration_says) {
  start();
  std::string text{"webhook_path: /webhook\n"
                   "webhook_secret: ${WEBHOOK_SECRET}\n"};
  const auto path = folder.write(
      "send.yaml", text + "server_url: " + server->url() +
                       "\nlisten: 127.0.0.1:" + std::to_string(port) + "\n");
  const child_process::variables variables{
      {"WEBHOOK_SECRET", std::string{secret}}};
  child_process sender{{binary, "send", "--config", path, "-d", R"({"x":1})"},
                       variables};
  EXPECT_EQ(sender.wait(), 0) << sender.errors();
  EXPECT_THAT(sender.output(), HasSubstr("HTTP 202"));
  ASSERT_EQ(server->count(), 1u);
  EXPECT_EQ(payload_of(server->events().front()), R"({"x":1})");
}

TEST_F(send, prints_headers_that_prove_a_body) {
  start();
  const auto body = folder.write("body.json", "{\"y\":2}\n");
  child_process signer{{binary, "sign", body},
                       {{"WEBHOOK_SECRET", std::string{secret}}}};
  EXPECT_EQ(signer.wait(), 0) << signer.errors();
  EXPECT_EQ(signer.output(),
            "Content-Type: application/json\nX-Signature: " +
                support::hex_hmac_sha256(secret, "{\"y\":2}\n") + "\n");
}

} // namespace
} // namespace mfo::integration
