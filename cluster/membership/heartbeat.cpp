#include "cluster/membership/heartbeat.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::cluster {

tl::expected<void, std::string> check_heartbeat(const heartbeat& message) {
  const auto fail = [](std::string text) {
    return tl::make_unexpected(std::move(text));
  };
  if (!message.load || !is_bounded(*message.load))
    return fail("its load report is missing or too large");
  if (!message.table)
    return fail("it has no table");
  const auto& rows = *message.table;
  if (rows.size() > most_rows)
    return fail(fmt::format("its table has {} rows, {} are the most",
                            rows.size(), most_rows));
  const auto is_whole = [](const table_row& row) {
    return row.record && row.record->card &&
           row.ended_ago >= row.ended_ago.zero() &&
           row.ended_ago <= longest_ended_ago;
  };
  if (!std::all_of(rows.begin(), rows.end(), is_whole))
    return fail("its table has a row without a record, or with a wrong time");
  const auto is_own = [&message](const table_row& row) {
    return row.record->card->name == message.sender &&
           row.record->card->born == message.born;
  };
  if (std::none_of(rows.begin(), rows.end(), is_own))
    return fail("its table lacks the record of its sender");
  return {};
}

} // namespace mfo::cluster
