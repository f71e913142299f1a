#include "devserver/replies.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mfo::devserver {

namespace {

template <class Named>
void add_new(std::vector<Named>& to, std::vector<Named> more) {
  for (auto& each : more)
    if (std::ranges::find(to, each.id, &Named::id) == to.end())
      to.push_back(std::move(each));
}

} // namespace

void add(replies& to, replies more) {
  to.tools.merge(more.tools);
  std::ranges::move(more.chat, std::back_inserter(to.chat));
  to.memory.merge(more.memory);
  add_new(to.resources, std::move(more.resources));
  add_new(to.jobs, std::move(more.jobs));
}

} // namespace mfo::devserver
