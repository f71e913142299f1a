#pragma once

#include "torture/wire/link.hpp"

#include <netinet/in.h>

#include <string>
#include <string_view>
#include <vector>

namespace mfo::wire {

struct host {
  std::string name;
  in_addr_t address; ///< in network order
  link::deliver deliver;
};

/// Hosts, and links between each two of them, one in either direction, on which
/// nothing befalls a packet until that is said. Pure: the time is passed in,
/// and never goes back.
class mesh {
public:
  /// Requires: names and addresses differ, and a name has neither quotes nor
  /// spaces.
  mesh(std::vector<host> hosts, std::uint64_t seed);

  /// One that the host of this index has sent. What is no IPv4, or is for
  /// nobody here, goes nowhere.
  void take(std::size_t from, packet one, clock::time_point now);

  /// Delivers what is due, and tells when that is to be done again at the
  /// latest; max(): not before another is taken.
  clock::time_point release(clock::time_point now);

  /// Does what a line says (command.hpp), and gives the answer: "ok", with JSON
  /// after it where statistics are asked for, or "error …". It is in force for
  /// all that is taken or released afterwards.
  std::string obey(std::string_view line);

private:
  [[nodiscard]] link* find(std::string_view from, std::string_view to);
  [[nodiscard]] std::string stats() const;

  std::vector<host> hosts_;
  std::vector<link> links_; ///< of index from × hosts + to
};

} // namespace mfo::wire
