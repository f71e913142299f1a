#include "tests/integration/fixture.hpp"

#include <algorithm>
#include <regex>

namespace mfo::integration {
namespace {

using nlohmann::json;
using namespace std::string_literals;

struct hostile_text {
  std::string name;
  std::string bytes;
};

/// What a sender could put in its request to write in our log.
const std::vector<hostile_text>& hostile_texts() {
  static const std::vector<hostile_text> all{
      {"newline", "a\n{\"level\":\"error\",\"message\":\"forged\"}"},
      {"carriage return", "a\r{\"level\":\"error\",\"message\":\"forged\"}"},
      {"both", "a\r\n2026-11-27T00:00:00.000Z error forged"},
      {"quotes", R"(a","level":"error","message":"forged)"},
      {"escape", "a\x1b[2J\x1b]0;forged\a"},
      {"csi", "a\u009b2Jforged"},
      {"zero", "a\0forged"s},
      {"line separator", "a\u2028forged\u2029forged\u0085forged"},
      {"direction", "a\u202edegrof"},
      {"not utf-8", "a\xff\xfe\xc0\x8a"
                    "forged\xed\xa0\x80"},
      {"long, but within a head", std::string(10'000, 'x')},
      {"long", std::string(100'000, 'x')},
      {"long, all to be escaped", std::string(100'000, '\x01')}};
  return all;
}

/// A log is lines that the node wrote, whatever a sender put in its request.
class log_injection : public running_node {
protected:
  /// Sends `head` and a body, and waits for what comes of it. The node may
  /// take it, refuse it, or hang up.
  void send(const std::string& head) {
    raw_client sender{port};
    sender.write(head + "Content-Length: 1\r\nConnection: close\r\n\r\n1");
    const auto got = sender.read();
    EXPECT_TRUE(got.status == 0 || got.status >= 200) << got.status;
    ++sent;
  }

  /// Each text in each place where a sender can put one.
  void send_all() {
    for (const auto& [name, bytes] : hostile_texts()) {
      SCOPED_TRACE(name);
      const auto start_of = [](const std::string& target) {
        return "POST " + target + " HTTP/1.1\r\nHost: test\r\n";
      };
      send(start_of("/" + bytes));
      send(start_of("/other") + bytes + ": 1\r\n");
      for (const auto* field : {"X-Delivery", "X-Signature", "Content-Type",
                                "X-Forwarded-For", "traceparent"})
        send(start_of("/hook") + field + ": " + bytes + "\r\n");
    }
  }

  void start_hooked(const std::vector<std::string>& arguments = {}) {
    start_with("log: {level: debug, refusals_per_second: 1000}\n"
               "endpoints:\n"
               "  - id: hook\n"
               "    path: /hook\n"
               "    delivery_id_header: X-Delivery\n"
               "    signature: {scheme: hmac, secret: s}\n",
               arguments);
  }

  /// All lines, once the node has ended.
  std::vector<std::string> all_lines() {
    node->signal(SIGTERM);
    EXPECT_EQ(node->wait(), 0);
    return node->lines();
  }

  static bool is_visible(const std::string& line) {
    const auto has = [&](std::string_view bytes) {
      return line.find(bytes) != line.npos;
    };
    return std::ranges::none_of(
               line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }) &&
           !has("\u009b") && !has("\u0085") && !has("\u2028") &&
           !has("\u2029") && !has("\u202e");
  }

  std::size_t sent = 0;
};

TEST_F(log_injection, is_of_no_use_in_json) {
  start_hooked();
  send_all();
  std::size_t refused = 0;
  std::size_t cut = 0;
  for (const auto& text : all_lines()) {
    SCOPED_TRACE(text.substr(0, 2'000));
    const auto line = json::parse(text, nullptr, false);
    ASSERT_TRUE(line.is_object());
    EXPECT_NE(line["message"], "forged");
    EXPECT_NE(line["level"], "error");
    EXPECT_TRUE(is_visible(text));
    EXPECT_LT(text.size(), 2'500u);
    refused += line["message"] == "event refused" ? 1 : 0;
    cut += line.value("path", "").ends_with("x… (10001 bytes)") ? 1 : 0;
  }
  EXPECT_EQ(cut, 1u) << "a path that is too long for the log";
  EXPECT_EQ(refused, sent) << "a line for each, none by the sender";
}

TEST_F(log_injection, is_of_no_use_in_text) {
  json_lines = false;
  start_hooked({"--log-format", "text"});
  const auto ready = node->wait_for_line("node ready");
  ASSERT_TRUE(ready);
  std::smatch found;
  ASSERT_TRUE(std::regex_search(*ready, found,
                                std::regex{R"( listen=127\.0\.0\.1:(\d+))"}))
      << *ready;
  port = static_cast<std::uint16_t>(std::stoi(found[1]));
  send_all();
  const std::regex begins{R"(^\d{4}-\d\d-\d\dT[0-9:.]+Z (debug|info |warn ) )"};
  std::size_t refused = 0;
  for (const auto& text : all_lines()) {
    SCOPED_TRACE(text.substr(0, 2'000));
    EXPECT_TRUE(std::regex_search(text, begins));
    EXPECT_TRUE(is_visible(text));
    EXPECT_LT(text.size(), 2'500u);
    refused += text.find(" event refused ") != text.npos ? 1 : 0;
  }
  EXPECT_EQ(refused, sent) << "a line for each, none by the sender";
}

} // namespace
} // namespace mfo::integration
