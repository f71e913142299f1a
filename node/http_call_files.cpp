#include "node/http_call_files.hpp"

#include "config/document.hpp"
#include "config/file.hpp"
#include "config/load.hpp"
#include "http/beast_tls.hpp"

#include <algorithm>
#include <string_view>

namespace mfo::node {

namespace {

/// Null: there is none, or `in` is null.
const config::node* child(const config::node* in, std::string_view key) {
  if (in == nullptr)
    return nullptr;
  const auto found =
      std::ranges::find(in->entries, key, &config::map_entry::key);
  return found == in->entries.end() ? nullptr : found->value.get();
}

} // namespace

std::optional<config::diagnostic>
check_http_call_files(const std::string& config_file,
                      const config::settings& settings) {
  const auto trust = http::make_trust_store(settings.http_call.ca_file);
  if (trust)
    return std::nullopt;
  config::diagnostic problem{config_file,   0, 0, "http_call.ca_file",
                             trust.error(), {}};
  // Settings keep no places: the file, which was good a moment ago, is read
  // again for this one; not a pipe, which would be waited for.
  const auto text =
      config::read_regular_file(config_file, config::max_file_size);
  if (!text)
    return problem;
  const auto root = config::parse_document(*text, config_file);
  if (!root)
    return problem;
  if (const auto* named = child(child(root->get(), "http_call"), "ca_file")) {
    problem.line = named->where.line;
    problem.column = named->where.column;
  }
  return problem;
}

} // namespace mfo::node
