#include "cluster/transport/header_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::cluster::wire {

namespace {

constexpr std::uint64_t spawn_server_name = 4711;

filter_rules filter_test_rules() {
  return {.max_payload = 100'000,
          .own_id = "its kind own id",
          .spawn_server = spawn_server_name};
}

std::string message_of(basp_header header, const std::string& payload = {}) {
  header.payload_length = static_cast<std::uint32_t>(payload.size());
  return header.write() + payload;
}

std::string client_hello(const std::string& id = "its kind another id") {
  return message_of({.operation = basp::client_handshake}, id);
}

std::string client_choice() {
  return message_of(
      {.operation = basp::client_handshake, .flags = basp::select_connection},
      "its kind another id");
}

std::string server_hello(const std::string& id = "its kind another id") {
  return message_of(
      {.operation = basp::server_handshake, .operation_data = basp::version},
      id);
}

std::string some_message(const std::string& payload = "payload") {
  return message_of({.operation = basp::direct_message,
                     .operation_data = 1,
                     .source = 2,
                     .destination = 3},
                    payload);
}

std::string some_heartbeat() {
  return message_of({.operation = basp::heartbeat});
}

/// All that a client may send, one after the other.
std::string legal_stream() {
  return client_hello() + client_choice() + some_heartbeat() + some_message() +
         message_of({.operation = basp::direct_message,
                     .flags = basp::named_receiver,
                     .source = 2,
                     .destination = spawn_server_name},
                    "who are you") +
         message_of({.operation = basp::monitor_message, .destination = 9},
                    "two ids") +
         message_of({.operation = basp::down_message, .source = 9}, "an id") +
         some_message(std::string(100'000, '\0'));
}

struct header_filter_test : testing::Test {
  /// What is wrong with a stream that a client sends.
  static std::optional<end_cause> fault_of(const std::string& stream) {
    header_filter filter{direction::accepted, filter_test_rules()};
    return filter.feed(stream);
  }

  /// The same after a handshake.
  static std::optional<end_cause> fault_later(const basp_header& header,
                                              const std::string& payload = {}) {
    return fault_of(client_hello() + message_of(header, payload));
  }

  static std::string text_of(const std::optional<end_cause>& cause) {
    return cause ? cause->text : "nothing";
  }
};

TEST_F(header_filter_test, reads_what_it_writes) {
  const basp_header header{.operation = 2,
                           .padding1 = 3,
                           .padding2 = 4,
                           .flags = 5,
                           .payload_length = 0x01020304,
                           .operation_data = 0x1112131415161718,
                           .source = 0x2122232425262728,
                           .destination = 0xf1f2f3f4f5f6f7f8};
  const auto text = header.write();
  ASSERT_EQ(text.size(), basp_header::size);
  std::array<char, basp_header::size> bytes{};
  std::copy(text.begin(), text.end(), bytes.begin());
  EXPECT_EQ(basp_header::read(bytes), header);
  EXPECT_EQ(text.substr(4, 4), "\x01\x02\x03\x04") << "in network byte order";
}

TEST_F(header_filter_test, lets_all_that_is_legal_through) {
  EXPECT_EQ(text_of(fault_of(legal_stream())), "nothing");
}

TEST_F(header_filter_test, sees_the_same_byte_by_byte) {
  header_filter filter{direction::accepted, filter_test_rules()};
  for (const char byte : legal_stream())
    ASSERT_EQ(filter.feed({&byte, 1}), std::nullopt);
}

TEST_F(header_filter_test, is_established_with_the_last_byte_of_the_handshake) {
  header_filter filter{direction::accepted, filter_test_rules()};
  const auto hello = client_hello();
  for (const char& byte : hello) {
    EXPECT_FALSE(filter.established());
    ASSERT_EQ(filter.feed({&byte, 1}), std::nullopt);
  }
  EXPECT_TRUE(filter.established());
}

TEST_F(header_filter_test, takes_the_servers_handshake_where_this_node_dials) {
  header_filter filter{direction::dialled, filter_test_rules()};
  EXPECT_EQ(filter.feed(server_hello() + some_message()), std::nullopt);
  EXPECT_TRUE(filter.established());
  EXPECT_EQ(text_of(filter.feed(server_hello())), "a handshake too many");
}

TEST_F(header_filter_test, refuses_the_handshake_of_the_other_side) {
  EXPECT_EQ(text_of(fault_of(server_hello())),
            "the handshake of the other side");
  header_filter filter{direction::dialled, filter_test_rules()};
  EXPECT_EQ(text_of(filter.feed(client_hello())),
            "the handshake of the other side");
}

TEST_F(header_filter_test, refuses_a_handshake_without_a_payload) {
  EXPECT_EQ(
      text_of(fault_of(message_of({.operation = basp::client_handshake}))),
      "a handshake of 0 bytes");
  header_filter filter{direction::dialled, filter_test_rules()};
  EXPECT_EQ(text_of(filter.feed(message_of({.operation = basp::server_handshake,
                                            .operation_data = basp::version}))),
            "a handshake of 0 bytes");
}

TEST_F(header_filter_test, refuses_two_gigabytes_by_the_header_alone) {
  basp_header header{.operation = basp::direct_message,
                     .payload_length = 0x8000'0000,
                     .destination = 1};
  EXPECT_EQ(text_of(fault_of(client_hello() + header.write())),
            "a message of 2147483648 bytes, where 100000 is the limit");
  header.operation = basp::client_handshake;
  EXPECT_TRUE(fault_of(header.write()));
}

TEST_F(header_filter_test, refuses_a_long_handshake_within_the_limit) {
  EXPECT_EQ(text_of(fault_of(client_hello(std::string(65'537, 'x')))),
            "a handshake of 65537 bytes");
}

TEST_F(header_filter_test, refuses_messages_before_the_handshake) {
  for (const auto& stream : {some_message(), some_heartbeat()})
    EXPECT_THAT(text_of(fault_of(stream)),
                testing::EndsWith("before the handshake"));
}

TEST_F(header_filter_test, refuses_what_is_not_basp_by_its_first_byte) {
  header_filter filter{direction::accepted, filter_test_rules()};
  EXPECT_EQ(text_of(filter.feed("G")), "not BASP: there is no operation 71");
  for (int first = basp::heartbeat + 1; first < 256; ++first)
    EXPECT_TRUE(fault_of(std::string(1, static_cast<char>(first))));
}

TEST_F(header_filter_test, refuses_handshakes_a_third_time) {
  EXPECT_EQ(
      text_of(fault_of(client_hello() + client_choice() + client_choice())),
      "a handshake too many");
}

TEST_F(header_filter_test, refuses_a_second_handshake_that_chooses_nothing) {
  EXPECT_TRUE(fault_of(client_hello() + client_hello()));
  EXPECT_TRUE(fault_of(client_choice())) << "nor a first one that does";
}

TEST_F(header_filter_test, refuses_another_version) {
  header_filter filter{direction::dialled, filter_test_rules()};
  EXPECT_EQ(
      text_of(filter.feed(message_of(
          {.operation = basp::server_handshake, .operation_data = 4}, "id"))),
      "BASP version 4, where this node has 3");
}

TEST_F(header_filter_test, refuses_messages_by_way_of_a_third_node) {
  EXPECT_THAT(
      text_of(fault_later(
          {.operation = basp::routed_message, .source = 1, .destination = 2},
          "ids and a message")),
      testing::HasSubstr("third node"));
}

TEST_F(header_filter_test, refuses_names_other_than_the_spawn_server) {
  EXPECT_TRUE(fault_later({.operation = basp::direct_message,
                           .flags = basp::named_receiver,
                           .destination = spawn_server_name + 1},
                          "message"));
}

TEST_F(header_filter_test, refuses_this_node_itself) {
  const auto cause = fault_of(client_hello("its kind own id"));
  ASSERT_TRUE(cause);
  EXPECT_EQ(cause->reason, end_reason::own_node);
  EXPECT_TRUE(fault_of(client_hello("its kind own id and more")));
  EXPECT_FALSE(fault_of(client_hello("its kind own ib and more")));
}

TEST_F(header_filter_test, refuses_a_node_id_that_is_none) {
  EXPECT_EQ(text_of(fault_of(client_hello("its kind own i"))),
            "a handshake of 14 bytes");
  EXPECT_EQ(text_of(fault_of(client_hello("its mind another id"))),
            "a node id of another kind, or none");
}

TEST_F(header_filter_test, looks_for_itself_in_handshakes_alone) {
  EXPECT_FALSE(fault_of(client_hello() + some_message("its kind own id")));
}

TEST_F(header_filter_test, goes_on_refusing) {
  header_filter filter{direction::accepted, filter_test_rules()};
  const auto first = filter.feed("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(first);
  EXPECT_EQ(filter.feed(client_hello()), first);
}

/// A field that an operation must have at zero, or must not.
struct illegal_header {
  const char* what;
  basp_header header;
  bool payload;
};

TEST_F(header_filter_test, refuses_what_no_operation_has) {
  using namespace basp;
  const std::vector<illegal_header> all = {
      {"padding", {.operation = heartbeat, .padding1 = 1}, false},
      {"padding", {.operation = heartbeat, .padding2 = 1}, false},
      {"flags", {.operation = heartbeat, .flags = 1}, false},
      {"payload", {.operation = heartbeat}, true},
      {"data", {.operation = heartbeat, .operation_data = 1}, false},
      {"source", {.operation = heartbeat, .source = 1}, false},
      {"destination", {.operation = heartbeat, .destination = 1}, false},
      {"payload", {.operation = direct_message, .destination = 1}, false},
      {"destination", {.operation = direct_message}, true},
      {"flags",
       {.operation = direct_message, .flags = 2, .destination = 1},
       true},
      {"flags",
       {.operation = direct_message, .flags = 128, .destination = 1},
       true},
      {"payload", {.operation = monitor_message, .destination = 1}, false},
      {"destination", {.operation = monitor_message}, true},
      {"source",
       {.operation = monitor_message, .source = 1, .destination = 1},
       true},
      {"data",
       {.operation = monitor_message, .operation_data = 1, .destination = 1},
       true},
      {"payload", {.operation = down_message, .source = 1}, false},
      {"source", {.operation = down_message}, true},
      {"destination",
       {.operation = down_message, .source = 1, .destination = 1},
       true},
  };
  for (const auto& each : all)
    EXPECT_TRUE(fault_later(each.header, each.payload ? "payload" : ""))
        << int{each.header.operation} << ' ' << each.what;
}

TEST_F(header_filter_test, judges_alike_however_the_stream_is_cut) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 300; ++round) {
    auto stream = legal_stream().substr(0, 600);
    if (round % 2 == 1)
      stream[random() % stream.size()] ^= static_cast<char>(1 + random() % 255);
    const auto whole = fault_of(stream);
    header_filter filter{direction::accepted, filter_test_rules()};
    std::optional<end_cause> in_parts;
    for (std::size_t at = 0; at < stream.size() && !in_parts;) {
      const auto size =
          std::min<std::size_t>(1 + random() % 40, stream.size() - at);
      in_parts = filter.feed(std::string_view{stream}.substr(at, size));
      at += size;
    }
    ASSERT_EQ(in_parts, whole);
  }
}

} // namespace

} // namespace mfo::cluster::wire
