#pragma once

#include "config/reader.hpp"

#include <map>
#include <string>

namespace mfo::config {

/// Reports values that an earlier element has already.
class uniqueness {
public:
  /// The reader must outlive it.
  explicit uniqueness(reader& in) : in_(in) {}

  /// An empty text stands for a value that is wrong or missing.
  void add(const std::string& text, const cursor& at);

private:
  reader& in_;
  std::map<std::string, place> seen_;
};

} // namespace mfo::config
