#include "tests/http/connection_guard_fixture.hpp"

namespace mfo::http {

namespace {

using namespace tests;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(a_guard, owes_a_new_connection_no_patience) {
  EXPECT_EQ(guard->current_phase().what, part::head);
  EXPECT_EQ(guard->patience(), 1s);
}

TEST_F(a_guard, has_patience_by_what_the_sender_owes) {
  receive(request);
  EXPECT_EQ(guard->current_phase().what, part::idle);
  EXPECT_EQ(guard->patience(), 3s);
  receive("POST ");
  EXPECT_EQ(guard->current_phase().what, part::head);
  EXPECT_EQ(guard->patience(), 1s);
  receive("/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(guard->current_phase().what, part::body);
  EXPECT_EQ(guard->patience(), 2s);
  receive("b");
  EXPECT_EQ(guard->current_phase().what, part::idle);
}

TEST_F(a_guard, stays_in_a_phase_however_many_bytes_trickle_in) {
  const auto begun = guard->current_phase();
  for (const char c : std::string{"POST /hook HTTP/1.1\r\nHo"}) {
    receive({&c, 1});
    EXPECT_EQ(guard->current_phase(), begun);
  }
}

TEST_F(a_guard, tells_the_phases_of_two_requests_apart) {
  std::vector<connection_guard::phase> seen;
  const auto note = [&] {
    for (const auto& each : seen)
      EXPECT_FALSE(each == guard->current_phase());
    seen.push_back(guard->current_phase());
  };
  for (int i = 0; i < 3; ++i) {
    note();
    receive("POST ");
    // A new connection is in its first head at once.
    if (i > 0)
      note();
    receive("/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
    note();
    receive("b");
  }
}

TEST_F(a_guard, answers_a_sender_that_is_too_slow_with_its_head) {
  receive("POST /hook HTTP/1.1\r\n");
  EXPECT_EQ(guard->timed_out().what, ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("request_timeout "));
}

TEST_F(a_guard, answers_a_sender_that_is_too_slow_with_its_body) {
  receive(head("Content-Length: 5\r\n") + "he");
  EXPECT_EQ(guard->timed_out().what, ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("request_timeout /hook"));
}

TEST_F(a_guard, does_not_name_the_path_of_an_earlier_request) {
  receive(request + "POST ");
  guard->timed_out();
  EXPECT_THAT(refused, ElementsAre("request_timeout "));
}

TEST_F(a_guard, owes_nothing_when_no_request_has_begun) {
  EXPECT_EQ(guard->timed_out().what, ruling::refuse);
  EXPECT_EQ(guard->refusal(), "");
  receive(request);
  EXPECT_EQ(guard->timed_out().what, ruling::refuse);
  EXPECT_EQ(guard->refusal(), "");
  EXPECT_THAT(refused, IsEmpty());
}

} // namespace

} // namespace mfo::http
