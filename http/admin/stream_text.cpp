#include "http/admin/stream_text.hpp"

#include "http/admin/event_json.hpp"
#include "http/admin/problem.hpp"
#include "http/admin/run_json.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace mfo::http {

namespace {

/// An object of a list whose items are written out already.
std::string list_text(std::string_view name, std::string_view items,
                      std::uint64_t left_out) {
  return fmt::format(R"({{"{}":[{}],"left_out":{}}})", name, items, left_out);
}

void append_item(std::string& items, std::string_view item) {
  if (!items.empty())
    items += ',';
  items += item;
}

} // namespace

std::string stream_event(std::string_view name, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, data);
}

std::string stream_event(const telemetry::event_book::news& news) {
  if (news.events.empty() && news.left_out == 0)
    return {};
  std::string items;
  for (const auto& each : news.events)
    append_item(items, json_text(to_json(*each)));
  return stream_event("events", list_text("events", items, news.left_out));
}

std::string stream_event(const telemetry::run_book::news& news,
                         std::size_t most) {
  if (news.runs.empty() && news.left_out == 0)
    return {};
  std::string items;
  auto left_out = news.left_out;
  for (const auto& each : news.runs) {
    const auto item = json_text(to_json_in_full(each));
    if (items.size() + item.size() > most)
      ++left_out;
    else
      append_item(items, item);
  }
  return stream_event("runs", list_text("runs", items, left_out));
}

} // namespace mfo::http
