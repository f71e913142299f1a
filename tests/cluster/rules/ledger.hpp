#pragma once

#include "cluster/rules/parcel.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace mfo::cluster::simulated {

/// How an event ended at a node that had it to deliver.
enum class ending : std::uint8_t { delivered, dead_letter, refused };

/// What really happened to each event, as only an observer of all nodes and of
/// the server knows. Fails the test where a promise is broken.
class ledger {
public:
  struct totals {
    std::size_t admitted = 0;
    std::size_t promised = 0; ///< acknowledged, as all copies were held
    std::size_t delivered = 0;
    std::size_t dead_letters = 0;
    std::size_t refused = 0;
    std::size_t runs = 0;       ///< at the server
    std::size_t duplicates = 0; ///< of these, not the first of their event
    std::size_t returned = 0;
    std::size_t taken_over = 0;
    std::size_t lost = 0; ///< promised, but origin and holders had died
  };

  /// Where the observer looks for an event.
  struct eyes {
    std::function<bool(const node_life&)> lives;
    /// Whether this life, which lives, has it as its own to deliver.
    std::function<bool(const node_life&, const std::string&)> works_on;
    /// Whether any node has a copy of it.
    std::function<bool(const node_life&, const std::string&)> is_held;
  };

  void admitted(const std::string& id, const node_life& origin);
  /// Acknowledged, as so many nodes have it.
  void promised(const std::string& id, std::size_t copies);
  void ended(const std::string& id, const node_life& where, ending how);
  void ran(const std::string& id);
  void returned(const std::string& id);
  void taken_over(const std::string& id);
  void kept(const std::string& id, const node_life& holder);
  /// By an audit.
  void dropped(const std::string& id, const node_life& holder);

  /// No promise is broken at this moment.
  void check(const eyes& see);

  /// Nothing is open: each event of an origin that lives has ended there.
  void check_all_ended(const eyes& see) const;

  [[nodiscard]] totals sum() const;

private:
  struct entry {
    node_life origin{};
    bool promised = false;
    bool lost = false;
    std::size_t ended_at_origin = 0;
    std::size_t runs = 0;
    std::size_t returned = 0;
    std::size_t taken_over = 0;
    std::set<ending> endings{};
    std::set<node_life> holders{}; ///< had it, and were not told to drop it
  };

  static bool is_settled(const entry& of);

  std::map<std::string, entry> entries_;
  std::set<std::string> promises_; ///< that are neither kept nor lost
};

} // namespace mfo::cluster::simulated
