#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::test {

/// Messages that are under way from one node to another. Each comes behind
/// those before it on its way; whose turn it is, is chance.
template <class Message>
class ways {
public:
  using ends = std::pair<std::string, std::string>; ///< from, to

  struct arrived {
    std::string from;
    std::string to;
    Message what;
  };

  void send(const ends& by, Message what) {
    const auto way = ways_.try_emplace(by).first;
    way->second.messages.push_back(std::move(what));
    if (!std::exchange(way->second.listed, true))
      busy_.push_back(way);
  }

  /// What is on that way is lost.
  void clear(const ends& of) {
    if (const auto way = ways_.find(of); way != ways_.end())
      way->second.messages.clear();
  }

  /// Nothing: none is under way.
  template <class Random>
  std::optional<arrived> take(Random& random) {
    while (!busy_.empty()) {
      const auto place = std::uniform_int_distribution<std::size_t>{
          0, busy_.size() - 1}(random);
      auto& [by, way] = *busy_[place];
      if (!way.messages.empty()) {
        arrived first{by.first, by.second, std::move(way.messages.front())};
        way.messages.pop_front();
        return first;
      }
      way.listed = false;
      busy_[place] = busy_.back();
      busy_.pop_back();
    }
    return std::nullopt;
  }

private:
  struct queue {
    std::deque<Message> messages{};
    bool listed = false; ///< in `busy_`
  };

  using way_map = std::map<ends, queue>;

  way_map ways_;
  std::vector<typename way_map::iterator> busy_; ///< that may have messages
};

} // namespace mfo::cluster::test
