#include "config/load.hpp"

#include "config/file.hpp"
#include "config/schema.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace mfo::config {

namespace {

auto failed(diagnostic problem) {
  return tl::make_unexpected(std::vector{std::move(problem)});
}

} // namespace

load_result load_file(const std::string& path, const environment& variables,
                      const std::string& this_host,
                      const payload_schema_check& schema_check,
                      source_kind kind) {
  std::error_code ignored;
  if (kind == source_kind::regular && std::filesystem::is_fifo(path, ignored))
    return failed({path,
                   0,
                   0,
                   {},
                   "is not a regular file; a configuration from a pipe cannot "
                   "be read again",
                   {}});
  const auto text = kind == source_kind::regular
                        ? read_regular_file(path, max_file_size)
                        : read_file(path, max_file_size);
  if (!text)
    return failed({path, 0, 0, {}, "cannot be read: " + text.error(), {}});
  return load_text(*text, path, variables, this_host, schema_check);
}

load_result load_text(std::string_view text, const std::string& file_name,
                      const environment& variables,
                      const std::string& this_host,
                      const payload_schema_check& schema_check) {
  if (text.size() > max_file_size)
    return failed(
        {file_name, 0, 0, {}, "larger than " + format_size(max_file_size), {}});
  const auto root = parse_document(text, file_name);
  if (!root)
    return failed(root.error());
  file_content content;
  content.effective.node_name = this_host;
  content.host_name = this_host;
  reader in(file_name, variables, schema_check);
  read_section(file_table(), content, {root->get(), place{}, {}}, in);
  if (auto problems = in.take_problems(); !problems.empty())
    return tl::make_unexpected(std::move(problems));
  content.effective.files = in.take_files();
  return std::move(content.effective);
}

} // namespace mfo::config
