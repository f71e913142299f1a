// Commands that ask an admin listener, where another server answers.

#include "tests/integration/fixture.hpp"
#include "tests/support/http_script_server.hpp"

#include <string>
#include <vector>

namespace mfo::integration {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(another_server, is_not_taken_for_an_admin_listener) {
  const std::vector<std::string> commands[] = {
      {"reload"},
      {"health"},
      {"health", "--live"},
      {"status"},
      {"status", "--json"},
      {"drain", "a1"},
      {"events"},
      {"events", "event-1"},
      {"endpoints"},
      {"record", "webhook"},
      {"taskflow", "runs"},
      {"taskflow", "runs", "run-1"},
      {"taskflow", "cancel", "run-1"},
      {"taskflow", "start", "intake", "main"},
      {"taskflow", "questions"},
      {"taskflow", "answer", "question-1", "yes"},
  };
  for (const auto* body :
       {"{}", "[]", "<html>", R"({"generation":"x","status":1,"node":[]})"}) {
    test::script_server other{test::always(test::reply_of(body))};
    for (auto words : commands) {
      words.insert(words.begin(), binary);
      words.insert(words.end(), {"--admin", "http://127.0.0.1:" +
                                                std::to_string(other.port())});
      child_process command{words};
      EXPECT_EQ(command.wait(), 1) << testing::PrintToString(words) << body;
      EXPECT_THAT(command.errors(), HasSubstr(" is no admin listener\n"));
      EXPECT_THAT(command.output(), IsEmpty());
    }
  }
}

} // namespace
} // namespace mfo::integration
