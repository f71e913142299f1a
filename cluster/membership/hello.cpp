#include "cluster/membership/hello.hpp"

#include "core/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::cluster {

namespace {

/// Of a cluster's name that somebody else wrote.
constexpr std::size_t shown_of_a_cluster = 64;

std::string cluster_of(const hello& whose) {
  return core::shortened(core::printable(whose.cluster), shown_of_a_cluster);
}

/// Whichever side says it, it names the node that is to be upgraded.
std::string no_version(const hello& own, const hello& theirs) {
  const bool they_are_older =
      theirs.card.speaks.highest < own.card.speaks.lowest;
  const auto& older = they_are_older ? theirs.card : own.card;
  const auto& newer = they_are_older ? own.card : theirs.card;
  return fmt::format(
      "{} ({}) speaks protocol {} to {}, {} ({}) {} to {}; {} "
      "needs a release that speaks protocol {}, too",
      describe(theirs.card), core::printable(theirs.card.software),
      theirs.card.speaks.lowest, theirs.card.speaks.highest, describe(own.card),
      own.card.software, own.card.speaks.lowest, own.card.speaks.highest,
      older.name, newer.speaks.lowest);
}

std::string text_of(refusal_code code, const hello& own, const hello& theirs) {
  const auto they = describe(theirs.card);
  const auto we = describe(own.card);
  switch (code) {
  case refusal_code::other_cluster:
    return fmt::format("{} is of cluster \"{}\", {} of cluster \"{}\"", they,
                       cluster_of(theirs), we, cluster_of(own));
  case refusal_code::bad_card:
    return fmt::format("{}, as {} sees it: it {}", they, we,
                       check_card(theirs.card).error());
  case refusal_code::oneself:
    return fmt::format("{} is the node that dialled", they);
  case refusal_code::name_is_mine:
    return fmt::format("{} ({}) and {} ({}) are two nodes of one name; each "
                       "needs its own",
                       they, to_string(theirs.card.born), we,
                       to_string(own.card.born));
  case refusal_code::no_common_version:
    return no_version(own, theirs);
  case refusal_code::name_taken:
  case refusal_code::older_incarnation:
  case refusal_code::turned_away:
    break;
  }
  return {};
}

refusal refuse(refusal_code code, const hello& own, const hello& theirs) {
  return {.code = code, .text = text_of(code, own, theirs)};
}

/// Because of who had the name before.
refusal refuse(const hello& own, const hello& theirs,
               const known_process& known) {
  const auto code =
      known.linked ? refusal_code::name_taken : refusal_code::older_incarnation;
  return {.code = code,
          .text = fmt::format(
              "{} is incarnation {}, but {} {} incarnation {} of that name",
              describe(theirs.card), to_string(theirs.card.born),
              describe(own.card),
              known.linked ? "is linked to the live" : "has seen the later",
              to_string(known.born)),
          .raise_above = known.gone && !known.linked ? std::optional{known.born}
                                                     : std::nullopt};
}

} // namespace

std::string_view to_string(refusal_code code) noexcept {
  switch (code) {
  case refusal_code::other_cluster:
    return "other-cluster";
  case refusal_code::bad_card:
    return "bad-card";
  case refusal_code::oneself:
    return "oneself";
  case refusal_code::name_is_mine:
    return "name-is-mine";
  case refusal_code::no_common_version:
    return "no-common-version";
  case refusal_code::name_taken:
    return "name-taken";
  case refusal_code::older_incarnation:
    return "older-incarnation";
  case refusal_code::turned_away:
    break;
  }
  return "turned-away";
}

tl::expected<std::uint16_t, refusal>
judge_hello(const hello& own, const hello& theirs,
            const std::optional<known_process>& known) {
  const auto fail = [&](refusal_code code) {
    return tl::make_unexpected(refuse(code, own, theirs));
  };
  if (theirs.cluster != own.cluster)
    return fail(refusal_code::other_cluster);
  if (!check_card(theirs.card))
    return fail(refusal_code::bad_card);
  if (theirs.card.name == own.card.name)
    return fail(theirs.card.born.process == own.card.born.process
                    ? refusal_code::oneself
                    : refusal_code::name_is_mine);
  const auto highest =
      std::min(own.card.speaks.highest, theirs.card.speaks.highest);
  if (highest < std::max(own.card.speaks.lowest, theirs.card.speaks.lowest))
    return fail(refusal_code::no_common_version);
  if (known && known->born.process != theirs.card.born.process &&
      (known->linked || theirs.card.born < known->born))
    return tl::make_unexpected(refuse(own, theirs, *known));
  return highest;
}

} // namespace mfo::cluster
