#include "taskflow/schedule/time_zone.hpp"

#include "config/text.hpp"
#include "core/text.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

namespace mfo::taskflow {

namespace {

/// Names end before this; whatever is longer, or has other characters, is not
/// repeated in a message.
constexpr std::size_t longest_name = 64;

bool could_be_a_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
                  c == '+';
         });
}

/// The machine's own zone stands among the system's files, but is no name that
/// means the same elsewhere.
bool is_of_the_database(std::string_view name) {
  return name != "localtime";
}

std::string hint_for(std::string_view name, const date::tzdb& database) {
  std::vector<std::string_view> names;
  for (const auto& zone : database.zones)
    if (is_of_the_database(zone.name()))
      names.push_back(zone.name());
  const auto city = [](std::string_view full) {
    return full.substr(full.rfind('/') + 1);
  };
  for (const auto candidate : names)
    if (core::equal_ignoring_case(candidate, name))
      return fmt::format("did you mean {}?", candidate);
  for (const auto candidate : names)
    if (core::equal_ignoring_case(city(candidate), name))
      return fmt::format("did you mean {}?", candidate);
  // Abbreviations are all alike.
  if (name.find('/') != std::string_view::npos)
    if (const auto near = config::nearest(name, names))
      return fmt::format("did you mean {}?", *near);
  return "name a zone of the IANA database, as in Europe/Berlin";
}

time_zone::problem no_database(std::string_view name) {
  return {fmt::format("{} is not UTC, and the system has no other time zones",
                      name),
          "install the package tzdata"};
}

} // namespace

time_zone::time_zone(const date::time_zone* zone) : zone_(zone) {}

tl::expected<time_zone, time_zone::problem>
time_zone::named(std::string_view name) {
  if (name == "UTC")
    return time_zone(nullptr);
  const auto shown = could_be_a_name(name) ? name : "this";
  try {
    const auto& database = date::get_tzdb();
    if (database.zones.empty())
      return tl::unexpected(no_database(shown));
    const auto found =
        std::ranges::find(database.zones, name, &date::time_zone::name);
    if (found == database.zones.end() || !is_of_the_database(name))
      return tl::unexpected(problem{fmt::format("{} is not a time zone", shown),
                                    hint_for(name, database)});
    const time_zone zone(&*found);
    // Reads its file, so that what comes later does not fail.
    static_cast<void>(zone.around(std::chrono::sys_seconds{}));
    return zone;
  } catch (const std::exception&) {
    return tl::unexpected(no_database(shown));
  }
}

time_zone::span time_zone::around(std::chrono::sys_seconds at) const {
  if (!zone_)
    return {std::chrono::sys_seconds::min(), std::chrono::sys_seconds::max(),
            std::chrono::seconds{0}};
  const auto info = zone_->get_info(at);
  return {info.begin, info.end, info.offset};
}

} // namespace mfo::taskflow
