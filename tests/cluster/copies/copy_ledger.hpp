#pragma once

#include "cluster/messages/copy_packing.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace mfo::cluster::test {

class copy_node;
class copy_nodes;

/// What really happened to each event, as only an observer of all nodes knows.
/// Fails the test where a promise is broken. What is done with an id is done
/// with all events of its origin that have it.
class copy_ledger {
public:
  struct totals {
    std::size_t begun = 0;
    std::size_t promised = 0;
    std::size_t given_up = 0;
    std::size_t deliveries = 0;
    std::size_t lost = 0; ///< promised, but origin and holders had died
  };

  void begun(const copy_name& which, const std::string& id, std::size_t copies);
  void promised(const copy_node& origin, const std::string& id,
                copy_nodes& all);
  void given_up(const node_life& origin, const std::string& id);
  void delivered(const node_life& origin, const std::string& id);
  void ended(const node_life& origin, const std::string& id);

  /// An event that was promised, and has not been delivered, is with its origin
  /// or a holder, as long as one of them lives.
  void check(copy_nodes& all);

  /// Nothing is open, as nothing is under way any more.
  void check_all_ended(copy_nodes& all) const;

  [[nodiscard]] totals sum() const;

private:
  struct entry {
    std::string id{};
    std::size_t copies = 1;
    bool promised = false;
    bool given_up = false;
    bool ended = false; ///< at its origin
    bool lost = false;
    std::size_t deliveries = 0;
    std::set<node_life> asked{};   ///< ever
    std::set<node_life> holders{}; ///< had it, and have not been relieved of it
  };

  static void check(const copy_name& name, entry& known, copy_nodes& all);

  template <class Action>
  void for_each(const node_life& origin, const std::string& id, Action what);

  std::map<copy_name, entry> entries_;
};

} // namespace mfo::cluster::test
