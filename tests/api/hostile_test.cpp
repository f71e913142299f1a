// Every reply's reader against what no server should send. Nothing may crash,
// hang, or quote what it read.

#include "api/chat.hpp"
#include "api/events.hpp"
#include "api/info.hpp"
#include "api/jobs.hpp"
#include "api/login.hpp"
#include "api/memory.hpp"
#include "api/notifications.hpp"
#include "api/resources.hpp"
#include "api/tools.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <vector>

namespace mfo::api {
namespace {

using error_or_not = std::optional<api_error>;
using reader = std::function<error_or_not(const http::client_response&)>;

template <class Parse>
reader read_by(Parse parse) {
  return [parse](const http::client_response& reply) -> error_or_not {
    auto got = parse(reply);
    if (got)
      return std::nullopt;
    return std::move(got.error());
  };
}

const std::vector<reader>& readers() {
  static const std::vector<reader> all{
      read_by(parse_event_reply),         read_by(parse_event_batch_reply),
      read_by(parse_chat_reply),          read_by(parse_chat_history_reply),
      read_by(parse_tool_list_reply),     read_by(parse_tool_reply),
      read_by(parse_memory_list_reply),   read_by(parse_memory_get_reply),
      read_by(parse_memory_change_reply), read_by(parse_resource_list_reply),
      read_by(parse_resource_reply),      read_by(parse_job_status_reply),
      read_by(parse_subscribe_reply),     read_by(parse_info_reply),
      read_by(parse_login_reply)};
  return all;
}

/// A reply that has what each reader looks for.
const std::string rich =
    R"({"id":"1","status":"completed","message":{"role":"a","content":"b"},)"
    R"("thread_id":"t","messages":[{"role":"a","content":"b"}],)"
    R"("tools":[{"id":"x"}],"result":{"a":[1,2]},"keys":["k"],"value":1,)"
    R"("resources":[{"id":"r"}],"token":"tok","name":"n",)"
    R"("results":[{"id":"1","status":"ok"}],"error":null})";

void read_all(const http::client_response& reply) {
  for (const auto& read : readers()) {
    const auto error = read(reply);
    if (!error)
      continue;
    EXPECT_LE(error->message.size(), 515u);
    EXPECT_FALSE(error->message.empty());
    if (error->code == api_errc::bad_reply) {
      EXPECT_EQ(error->message.find("hunter2"), std::string::npos);
    }
  }
}

TEST(hostile_reply, of_the_right_shape_is_read_by_all) {
  for (const auto& read : readers()) {
    const auto error = read(reply(200, rich));
    EXPECT_FALSE(error) << error->message;
  }
}

TEST(hostile_reply, may_be_cut_anywhere) {
  for (std::size_t size = 0; size < rich.size(); ++size)
    for (const int status : {200, 500})
      read_all(reply(status, rich.substr(0, size)));
}

TEST(hostile_reply, may_have_any_byte_changed) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_int_distribution<std::size_t> where(0, rich.size() - 1);
  std::uniform_int_distribution<int> what(0, 255);
  for (int round = 0; round < 300; ++round) {
    auto body = rich;
    for (int i = 0; i < 3; ++i)
      body[where(random)] = static_cast<char>(what(random));
    read_all(reply(200, body));
    read_all(reply(400, body));
  }
}

TEST(hostile_reply, may_have_any_type_anywhere) {
  const std::vector<json> values{nullptr,
                                 true,
                                 -1,
                                 1.5,
                                 "hunter2",
                                 json::array(),
                                 json::array({json::array(), nullptr, "x", 7}),
                                 json::object(),
                                 {{"id", {{"id", nullptr}}}, {"error", 7}},
                                 18446744073709551615u};
  const auto whole = json::parse(rich);
  for (const auto& value : values) {
    read_all(reply(200, value.dump()));
    read_all(reply(500, value.dump()));
    for (const auto& [name, old] : whole.items()) {
      auto changed = whole;
      changed[name] = value;
      read_all(reply(200, changed.dump()));
      changed[name] = json::array({value, old});
      read_all(reply(200, changed.dump()));
      read_all(reply(500, json{{"error", {{name, value}}}}.dump()));
      read_all(reply(500, json{{name, value}}.dump()));
    }
  }
}

TEST(hostile_reply, may_be_nested_deep) {
  for (const auto& [open, close] :
       std::vector<std::pair<std::string, std::string>>{
           {"[", "]"}, {"{\"error\":", "}"}, {"{\"message\":", "}"}}) {
    std::string begin;
    std::string end;
    for (int i = 0; i < 100'000; ++i) {
      begin += open;
      end += close;
    }
    for (const int status : {200, 500}) {
      read_all(reply(status, begin + "1" + end));
      read_all(reply(status, begin));
    }
  }
}

TEST(hostile_reply, may_be_large) {
  const std::string much(1 << 20, 'x');
  std::string many = "[";
  while (many.size() < much.size() / 4)
    many += "{},";
  many += "7]";
  const auto job = parse_job_status_reply(
      reply(200, R"({"error":"x","status":")" + much + "\"}"));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->state, job_state::running);
  read_all(reply(200, R"({"keys":)" + many + R"(,"tools":)" + many + "}"));
  for (const auto& body : {
           much,
           "hunter2 " + much,
           "\"" + much + "\"",
           R"({"error":{"message":")" + much + "\"}}",
           std::string(1 << 20, '\0'),
           std::string(1 << 20, '\xff'),
       }) {
    EXPECT_THAT(parse_tool_reply(reply(200, body)),
                fails_with(api_errc::bad_reply, "the reply "));
    EXPECT_LE(error_of_reply(reply(500, body)).message.size(), 515u);
  }
}

} // namespace
} // namespace mfo::api
