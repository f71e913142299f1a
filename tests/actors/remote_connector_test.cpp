#include "actors/remote_connector.hpp"

#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/played_hub.hpp"

#include <gmock/gmock.h>

namespace mfo::actors::tests {
namespace {

using ::testing::ElementsAre;

class remote_connector_test : public actor_fixture {
protected:
  played_hub hub_;
  sharing_actor shares_ = watch(hub_.start(system_));
  mfo_connector_actor connector_ =
      watch(system_.spawn(remote_connector, std::string{"crm"}, shares_));
};

TEST_F(remote_connector_test, has_the_hub_deliver_an_event) {
  const auto result = ask(connector_, make_event());
  ASSERT_TRUE(result->outcome);
  EXPECT_EQ(result->outcome->attempts, 7U);
  EXPECT_THAT(hub_.asked, ElementsAre("event to crm"));
}

TEST_F(remote_connector_test, has_the_hub_make_a_call) {
  auto request = std::make_shared<api_request>();
  request->id = "call-1";
  api_result_ptr result;
  const auto asker = [&](caf::event_based_actor* self,
                         const mfo_connector_actor& to) {
    self->request(to, caf::infinite, api_request_ptr{request})
        .then([&](const api_result_ptr& got) { result = got; });
  };
  watch(system_.spawn(asker, connector_));
  run();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome.attempts, 7U);
  EXPECT_THAT(hub_.asked, ElementsAre("call-1 to crm"));
}

TEST_F(remote_connector_test, tells_the_hub_of_what_nobody_wants_any_more) {
  caf::anon_send(connector_, cancel_atom::value, std::string{"call-1"});
  caf::anon_send(connector_, open_atom::value);
  caf::anon_send(connector_, abandon_atom::value);
  run();
  EXPECT_THAT(hub_.asked, ElementsAre("not call-1 to crm", "nothing to crm"));
}

} // namespace
} // namespace mfo::actors::tests
