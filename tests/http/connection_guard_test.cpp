#include "tests/http/connection_guard_fixture.hpp"

namespace mfo::http {

namespace {

using namespace tests;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(a_guard, has_nothing_to_pass_on_at_first) {
  EXPECT_EQ(guard->next(buffer).what, ruling::read_more);
}

TEST_F(a_guard, passes_a_whole_request_on_as_it_came) {
  EXPECT_EQ(receive(request), ruling::read_more);
  EXPECT_THAT(passed, ElementsAre(request));
  EXPECT_THAT(refused, IsEmpty());
}

TEST_F(a_guard, holds_a_head_back_until_it_is_whole) {
  const auto size = head("Content-Length: 5\r\n").size();
  for (std::size_t i = 0; i + 1 < size; ++i) {
    EXPECT_EQ(receive(request.substr(i, 1)), ruling::read_more);
    EXPECT_THAT(passed, IsEmpty());
  }
  receive(request.substr(size - 1));
  EXPECT_EQ(all_passed(), request);
}

TEST_F(a_guard, passes_a_body_on_as_it_comes) {
  const auto text = head("Content-Length: 5\r\n");
  receive(text);
  receive("he");
  receive("llo");
  EXPECT_THAT(passed, ElementsAre(text, "he", "llo"));
}

TEST_F(a_guard, passes_requests_on_one_at_a_time) {
  const auto last = head("");
  receive(request + request + last);
  EXPECT_THAT(passed, ElementsAre(request, request, last));
}

TEST_F(a_guard, never_passes_on_more_than_the_buffer_holds) {
  buffer.resize(7);
  receive(request + request + head(""));
  EXPECT_EQ(all_passed(), request + request + head(""));
}

TEST_F(a_guard, passes_everything_on_however_it_comes) {
  const auto text = request + head("Transfer-Encoding: chunked\r\n") +
                    "3\r\nabc\r\n1\r\nd\r\n0\r\nX: y\r\n\r\n" + request;
  for (const std::size_t piece : {1, 2, 3, 5, 8, 13, 50}) {
    passed.clear();
    for (std::size_t at = 0; at < text.size(); at += piece)
      EXPECT_EQ(receive(text.substr(at, piece)), ruling::read_more);
    EXPECT_EQ(all_passed(), text) << piece;
  }
}

TEST_F(a_guard, refuses_what_is_no_request) {
  EXPECT_EQ(receive("nonsense\r\n\r\n"), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("malformed_request "));
  EXPECT_EQ(guard->refusal(), "the answer to malformed_request ");
  EXPECT_THAT(passed, IsEmpty());
}

TEST_F(a_guard, names_the_path_of_what_it_refuses) {
  EXPECT_EQ(receive(head("Content-Length: 1001\r\n")), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("payload_too_large /hook"));
}

TEST_F(a_guard, refuses_what_follows_a_good_request) {
  EXPECT_EQ(receive(request + "nonsense\r\n\r\n"), ruling::refuse);
  EXPECT_THAT(passed, ElementsAre(request));
}

TEST_F(a_guard, refuses_a_body_that_turns_out_too_large) {
  receive(head("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(receive("3E8\r\n"), ruling::read_more);
  EXPECT_EQ(receive(std::string(1'000, 'x') + "\r\n1\r\n"), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("payload_too_large /hook"));
}

TEST_F(a_guard, passes_nothing_on_of_a_chunk_line_that_is_no_good) {
  const auto text = head("Transfer-Encoding: chunked\r\n") + "1\r\na\r\n";
  EXPECT_EQ(receive(text), ruling::read_more);
  for (const char c : std::string_view{"1=\r"})
    EXPECT_EQ(receive({&c, 1}), ruling::read_more);
  EXPECT_EQ(receive("\n"), ruling::refuse);
  EXPECT_EQ(all_passed(), text);
  EXPECT_THAT(refused, ElementsAre("malformed_request /hook"));
}

TEST_F(a_guard, takes_the_upgrade_field_out) {
  receive(head("Upgrade: h2c\r\nX: y\r\nupgrade:websocket\r\n"
               "Content-Length: 5\r\n") +
          "hello" + request);
  EXPECT_THAT(
      passed,
      ElementsAre(head("X: y\r\nContent-Length: 5\r\n") + "hello", request));
}

TEST_F(a_guard, takes_an_upgrade_field_out_that_came_in_pieces) {
  const auto text =
      head("Connection: Upgrade\r\nUPGRADE: h2c\r\nContent-Length: 5\r\n") +
      "hello";
  for (const auto each : text)
    receive({&each, 1});
  EXPECT_EQ(all_passed(),
            head("Connection: Upgrade\r\nContent-Length: 5\r\n") + "hello");
}

TEST_F(a_guard, leaves_alone_what_only_looks_like_an_upgrade_field) {
  const auto text = head("X-Upgrade: y\r\nX: upgrade: z\r\n"
                         "Upgrade-Insecure-Requests: 1\r\n"
                         "Content-Length: 12\r\n");
  receive(text + "\nupgrade: x\n");
  EXPECT_EQ(all_passed(), text + "\nupgrade: x\n");
  passed.clear();
  const std::string fields{"Content-Length: 12\r\n"};
  receive(head("Upgrade: a\r\n" + fields) + "\nupgrade: x\n");
  EXPECT_EQ(all_passed(), head(fields) + "\nupgrade: x\n");
}

TEST_F(a_guard, tells_a_sender_that_waits_to_go_on) {
  const auto text = head("Expect: 100-continue\r\nContent-Length: 5\r\n");
  receive(text);
  EXPECT_EQ(continues, 1);
  receive("hello");
  EXPECT_EQ(continues, 1);
  EXPECT_EQ(all_passed(), text + "hello");
}

TEST_F(a_guard, tells_a_sender_to_go_on_once_when_the_buffer_is_small) {
  buffer.resize(16);
  const auto text = head("Expect: 100-continue\r\nContent-Length: 5\r\n");
  receive(text);
  EXPECT_EQ(continues, 1);
  EXPECT_EQ(all_passed(), text);
}

TEST_F(a_guard, does_not_tell_a_sender_to_go_on_that_has_not_waited) {
  receive(head("Expect: 100-continue\r\nContent-Length: 5\r\n") + "h");
  receive("ello");
  receive(head("Expect: 100-continue\r\n"));
  EXPECT_EQ(continues, 0);
}

TEST_F(a_guard, does_not_tell_a_sender_to_go_on_whose_body_is_too_large) {
  receive(head("Expect: 100-continue\r\nContent-Length: 1001\r\n"));
  EXPECT_EQ(continues, 0);
  EXPECT_THAT(refused, ElementsAre("payload_too_large /hook"));
}

TEST_F(a_guard, holds_room_for_a_body_as_it_comes) {
  receive(head("Content-Length: 700\r\n"));
  EXPECT_EQ(admission->bytes(), 0u) << "what is announced takes none";
  receive(std::string(400, 'x'));
  EXPECT_EQ(admission->bytes(), 400u);
  receive(std::string(299, 'x'));
  EXPECT_EQ(admission->bytes(), 699u);
  receive("x");
  EXPECT_EQ(admission->bytes(), 0u) << "the handler takes room of its own";
}

TEST_F(a_guard, holds_room_for_chunks_as_they_come) {
  receive(head("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(admission->bytes(), 0u);
  receive("a\r\n01234");
  EXPECT_EQ(admission->bytes(), 5u);
  receive("56789\r\n64\r\nx");
  EXPECT_EQ(admission->bytes(), 11u);
  receive(std::string(99, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(admission->bytes(), 0u);
}

TEST_F(a_guard, refuses_what_no_longer_finds_room_while_it_comes) {
  receive(head("Content-Length: 700\r\n") + "x");
  const auto held = admission->reserve(1'000);
  EXPECT_EQ(receive(std::string(699, 'x')), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("saturated /hook"));
  EXPECT_EQ(admission->bytes(), 1'000u) << "what it held is given back";
}

TEST_F(a_guard, leaves_room_to_others_whatever_one_address_sends) {
  shared->limits.max_bytes_in_flight = 1'500; // a quarter is less than a body
  shared->limits.max_connections = 9;
  const auto large = head("Content-Length: 900\r\n") + std::string(600, 'x');
  receive(large);
  auto first = std::exchange(guard, from("192.0.2.1"));
  EXPECT_EQ(receive(large), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("too_much_at_once /hook"));
  guard = from("192.0.2.2");
  EXPECT_EQ(receive(large), ruling::read_more) << "another is let in";
  first.reset();
  guard = from("192.0.2.1");
  EXPECT_EQ(receive(large), ruling::read_more) << "its bytes are gone";
}

TEST_F(a_guard, forgets_the_bytes_of_an_address_with_its_request) {
  shared->limits.max_bytes_in_flight = 1'500;
  const auto whole = head("Content-Length: 900\r\n") + std::string(900, 'x');
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(receive(whole), ruling::read_more);
  EXPECT_THAT(refused, IsEmpty());
}

TEST_F(a_guard, reads_no_body_of_a_request_that_is_refused_by_its_head) {
  shared->examine = [](std::string_view path,
                       const std::optional<config::ip_address>&) {
    return path == "/nowhere" ? std::optional{errc::not_found} : std::nullopt;
  };
  EXPECT_EQ(receive("POST /nowhere HTTP/1.1\r\nHost: a\r\n"
                    "Content-Length: 700\r\n\r\n"),
            ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("not_found /nowhere"));
}

TEST_F(a_guard, leaves_a_whole_request_to_the_handler) {
  shared->examine = [](std::string_view,
                       const std::optional<config::ip_address>&) {
    return std::optional{errc::not_found};
  };
  EXPECT_EQ(receive(head("Content-Length: 2\r\n") + "{}"), ruling::read_more)
      << "it is answered there, and the connection goes on";
}

TEST_F(a_guard, counts_a_request_that_is_cut_off) {
  receive(head("Content-Length: 700\r\n") + "x");
  guard = from("192.0.2.2");
  EXPECT_EQ(shared->cut_off.load(), 1u);
  receive("POST /hook HTT");
  guard = from("192.0.2.3");
  EXPECT_EQ(shared->cut_off.load(), 2u);
  receive(head("Content-Length: 1\r\n") + "x");
  guard = from("192.0.2.4");
  EXPECT_EQ(shared->cut_off.load(), 2u) << "this one was whole";
}

TEST_F(a_guard, refuses_a_body_that_there_is_no_room_for) {
  const auto held = admission->reserve(1'000);
  EXPECT_EQ(receive(head("Content-Length: 501\r\n")), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("saturated /hook"));
  EXPECT_EQ(admission->bytes(), 1'000u);
}

TEST_F(a_guard, refuses_a_chunk_that_there_is_no_room_for) {
  const auto held = admission->reserve(1'000);
  receive(head("Transfer-Encoding: chunked\r\n") + "1F4\r\n");
  EXPECT_EQ(receive(std::string(500, 'x') + "\r\n1\r\n"), ruling::refuse);
  EXPECT_THAT(refused, ElementsAre("saturated /hook"));
  EXPECT_EQ(admission->bytes(), 1'000u) << "what it held is given back";
}

TEST_F(a_guard, gives_room_back_when_the_connection_ends) {
  receive(head("Content-Length: 700\r\n") + "x");
  guard.reset();
  EXPECT_EQ(admission->bytes(), 0u);
}

TEST_F(a_guard, gives_room_back_when_the_sender_is_too_slow) {
  receive(head("Content-Length: 700\r\n") + "x");
  guard->timed_out();
  EXPECT_EQ(admission->bytes(), 0u);
}

} // namespace

} // namespace mfo::http
