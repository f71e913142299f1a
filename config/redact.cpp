#include "config/redact.hpp"

#include "config/schema.hpp"

#include <yaml-cpp/emitter.h>

namespace mfo::config {

std::string redacted_yaml(const settings& values) {
  YAML::Emitter out;
  write_section(file_table(), file_content{values, {}, {}, {}, {}, {}}, out);
  return std::string(out.c_str(), out.size()) + '\n';
}

} // namespace mfo::config
