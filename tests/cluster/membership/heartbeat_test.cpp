#include "cluster/membership/heartbeat.hpp"

#include "tests/cluster/membership/cards.hpp"

#include <gtest/gtest.h>

namespace mfo::cluster {

namespace {

using namespace std::chrono_literals;
using test::card_of;
using test::record_of;
using row_list = std::vector<table_row>;

/// Of node-a, with its own record and these.
heartbeat heartbeat_with(row_list rows) {
  rows.insert(rows.begin(), {.record = record_of(card_of("node-a"))});
  return {.sender = "node-a",
          .born = {.started = 1, .process = 1},
          .sequence = 1,
          .load = std::make_shared<const load_report>(),
          .table = std::make_shared<const row_list>(std::move(rows))};
}

std::string fault_of_heartbeat(const heartbeat& message) {
  const auto good = check_heartbeat(message);
  return good ? "nothing" : good.error();
}

TEST(a_heartbeat, with_the_senders_own_record_is_good) {
  EXPECT_EQ(fault_of_heartbeat(heartbeat_with({})), "nothing");
}

TEST(a_heartbeat, has_64_rows_at_most) {
  const table_row row{.record = record_of(card_of("node-b"))};
  EXPECT_EQ(fault_of_heartbeat(heartbeat_with(row_list(63, row))), "nothing");
  EXPECT_EQ(fault_of_heartbeat(heartbeat_with(row_list(64, row))),
            "its table has 65 rows, 64 are the most");
}

TEST(a_heartbeat, needs_all_its_parts) {
  auto message = heartbeat_with({});
  message.load.reset();
  EXPECT_EQ(fault_of_heartbeat(message),
            "its load report is missing or too large");
  message = heartbeat_with({});
  message.table.reset();
  EXPECT_EQ(fault_of_heartbeat(message), "it has no table");
  message = heartbeat_with({{.record = nullptr}});
  EXPECT_EQ(fault_of_heartbeat(message),
            "its table has a row without a record, or with a wrong time");
}

TEST(a_heartbeat, tells_of_times_within_a_day) {
  for (const auto ago : {-1ms, std::chrono::milliseconds{24h} + 1ms})
    EXPECT_EQ(
        fault_of_heartbeat(heartbeat_with(
            {{.record = record_of(card_of("node-b")), .ended_ago = ago}})),
        "its table has a row without a record, or with a wrong time");
}

TEST(a_heartbeat, has_the_record_of_its_sender) {
  auto message = heartbeat_with({});
  message.born.started = 2;
  EXPECT_EQ(fault_of_heartbeat(message),
            "its table lacks the record of its sender");
}

TEST(a_heartbeat, has_a_load_report_within_bounds) {
  auto message = heartbeat_with({});
  load_report load;
  load.open_circuits.assign(33, "crm");
  message.load = std::make_shared<const load_report>(std::move(load));
  EXPECT_EQ(fault_of_heartbeat(message),
            "its load report is missing or too large");
}

} // namespace

} // namespace mfo::cluster
