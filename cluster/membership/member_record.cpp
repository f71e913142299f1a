#include "cluster/membership/member_record.hpp"

#include <tuple>

namespace mfo::cluster {

std::string_view to_string(member_state state) noexcept {
  switch (state) {
  case member_state::alive:
    return "alive";
  case member_state::suspect:
    return "suspect";
  case member_state::dead:
    return "dead";
  case member_state::left:
    break;
  }
  return "left";
}

member_opinion opinion_of(const member_record& record) noexcept {
  return {.born = record.card->born,
          .state = record.state,
          .refutation = record.refutation};
}

std::strong_ordering compare(const member_record& a,
                             const member_record& b) noexcept {
  const auto rank = [](const member_record& record) {
    return std::tuple{record.card->born, record.state == member_state::left,
                      record.refutation, record.state};
  };
  if (const auto ordering = rank(a) <=> rank(b); ordering != 0)
    return ordering;
  if (a.card == b.card) // one card, shared: the usual case
    return std::strong_ordering::equal;
  return *a.card <=> *b.card;
}

} // namespace mfo::cluster
