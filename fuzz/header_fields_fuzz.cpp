// The fields that travel with an event, against the plainest way to keep them.

#include "core/header_fields.hpp"
#include "fuzz/target.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

namespace mfo::fuzz {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

} // namespace

/// Lines of name:value.
void run(std::string_view input) {
  core::header_fields fields;
  std::vector<std::pair<std::string, std::string>> plain;
  while (!input.empty()) {
    const auto line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    const auto colon = std::min(line.find(':'), line.size());
    const auto name = line.substr(0, colon);
    const auto value = line.substr(std::min(colon + 1, line.size()));
    fields.add(name, value);
    plain.emplace_back(name, value);
  }
  std::size_t seen = 0;
  for (const auto& [name, value] : fields) {
    require(seen < plain.size());
    require(plain[seen].first == name && plain[seen].second == value);
    ++seen;
  }
  require(seen == plain.size());
  require(fields.empty() == plain.empty());
  for (const auto& [name, value] : plain) {
    const auto same = std::count_if(plain.begin(), plain.end(),
                                    [name = lower(name)](const auto& each) {
                                      return lower(each.first) == name;
                                    });
    const auto found = fields.find(name);
    require(found.has_value() == (same == 1));
    require(!found || *found == value);
  }
}

} // namespace mfo::fuzz
