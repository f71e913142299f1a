#include "cluster/membership/node_card.hpp"

#include "config/node_name.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::cluster {

namespace {

/// Of a name that is not good and may be of any length.
constexpr std::size_t shown_of_a_name = 64;

std::string shown(std::string_view text) {
  return core::shortened(core::printable(text), shown_of_a_name);
}

bool is_label(const label_map::value_type& label) {
  const auto& [key, value] = label;
  return !key.empty() && key.size() <= longest_label &&
         value.size() <= longest_label;
}

} // namespace

tl::expected<void, std::string> check_card(const node_card& card) {
  const auto fail = [](std::string text) {
    return tl::make_unexpected(std::move(text));
  };
  if (!config::is_node_name(card.name))
    return fail(fmt::format("has a name that is not 1 to {} of A-Z, a-z, 0-9, "
                            "., _ and - with a letter or digit at first",
                            config::longest_node_name));
  if (!is_dialable(card.where))
    return fail(fmt::format("cannot be dialled at \"{}\"",
                            shown(to_string(card.where))));
  if (card.roles.empty())
    return fail("has no role");
  if (card.labels.size() > most_labels)
    return fail(fmt::format("has {} labels, {} are the most",
                            card.labels.size(), most_labels));
  if (!std::all_of(card.labels.begin(), card.labels.end(), is_label))
    return fail(fmt::format("has a label without a key or of more than {} "
                            "bytes",
                            longest_label));
  if (card.speaks.lowest > card.speaks.highest)
    return fail(fmt::format("speaks protocol {} to {}, which is no range",
                            card.speaks.lowest, card.speaks.highest));
  if (card.software.size() > longest_software)
    return fail(fmt::format("has a software version of {} bytes, {} are the "
                            "most",
                            card.software.size(), longest_software));
  return {};
}

std::string describe(const node_card& card) {
  return fmt::format("{} at {}", shown(card.name),
                     shown(to_string(card.where)));
}

} // namespace mfo::cluster
