#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mfo::devserver {

/// What is said where a chat has `contains` in it.
struct chat_reply {
  std::string contains; ///< empty: any chat
  std::string content;
};

struct job_reply {
  std::string id;
  std::uint64_t polls = 2; ///< status requests before it is final
  bool fails = false;
  std::string result = "null"; ///< JSON
};

struct resource_reply {
  std::string id;
  std::string body; ///< JSON, an object with that id
};

/// What a server answers in place of what it would make up, and what it knows
/// at its start.
struct replies {
  std::map<std::string, std::string> tools{};  ///< results, JSON, by name
  std::vector<chat_reply> chat{};              ///< the first that fits
  std::map<std::string, std::string> memory{}; ///< values, JSON; every user's
  std::vector<resource_reply> resources{};
  std::vector<job_reply> jobs{};
};

/// Adds what `more` has besides. Where both say something of the same, it stays
/// as it was.
void add(replies& to, replies more);

} // namespace mfo::devserver
