#pragma once

#include "config/document.hpp"
#include "config/environment.hpp"
#include "config/payload_schema.hpp"
#include "config/secret.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::config {

/// A value in the tree, what it is called, and where to point at.
struct cursor {
  const node* value = nullptr; ///< lives as long as the document
  place key_where;             ///< the key; of an item or the root, the value
  std::string path;            ///< `endpoints[0].id`, "" for the root

  /// The value, or its key if there is no value to point at.
  [[nodiscard]] place where() const;
};

/// What `${NAME}` in a value is.
enum class dollar_sign : std::uint8_t {
  names_variable,    ///< what the environment has for it comes in its place
  stands_for_itself, ///< the text has a use of its own for it
};

/// `parent.key`, or `key` at the root.
[[nodiscard]] std::string join_path(const std::string& parent,
                                    std::string_view key);

/// What reading a document needs besides the document, and where problems
/// gather. The functions that read report a problem where they give nothing.
class reader {
public:
  /// `file_name` stands in diagnostics, and relative paths start at its folder.
  /// The environment must outlive the reader. Where `dollar` stands for itself,
  /// nothing is interpolated.
  reader(std::string file_name, const environment& variables,
         payload_schema_check schema_check = {},
         dollar_sign dollar = dollar_sign::names_variable);

  /// From now on a secret that is named well and is not to be had (its
  /// variable is not set, its file is not there) is no problem: why goes to
  /// `absent`, which must outlive the reader.
  void do_without_secrets(std::vector<diagnostic>& absent) {
    absent_secrets_ = &absent;
  }

  void report(place where, std::string key, std::string message,
              std::string hint = {});

  /// At the value.
  void report(const cursor& at, std::string message, std::string hint = {});

  [[nodiscard]] std::size_t problem_count() const;

  /// All problems, in the order of the file.
  [[nodiscard]] std::vector<diagnostic> take_problems();

  /// The files that values named, and that were read, or were to be.
  [[nodiscard]] std::vector<std::string> take_files() noexcept {
    return std::move(files_);
  }

  /// A single value, interpolated.
  [[nodiscard]] std::optional<std::string> read_text(const cursor& at);

  /// A path, interpolated, seen from the folder of the file.
  [[nodiscard]] std::optional<std::string> read_path(const cursor& at);

  /// A secret that stands in the file, interpolated.
  [[nodiscard]] std::optional<secret> read_secret(const cursor& at);

  /// The content of the file that the value names, less one line break at its
  /// end.
  [[nodiscard]] std::optional<secret> read_secret_file(const cursor& at);

  /// The secret in the environment variable that the value names.
  [[nodiscard]] std::optional<secret> read_secret_variable(const cursor& at);

  /// A JSON Schema that stands in the file, not interpolated, as its patterns
  /// may hold any $; or the path of a file that holds one, JSON or YAML.
  [[nodiscard]] std::optional<payload_schema_settings>
  read_payload_schema(const cursor& at);

  /// The items of a list whose length must be 1 to `most`; none otherwise.
  [[nodiscard]] std::vector<cursor> read_list(const cursor& at,
                                              std::size_t most);

  /// Whether a name is good. The error is a sentence that says what is
  /// expected.
  using name_rule = std::function<tl::expected<std::string, std::string>(
      std::string_view name)>;

  /// The entries of a map of 1 to `most` names, each good and given once; none
  /// otherwise.
  [[nodiscard]] std::vector<std::pair<std::string, cursor>>
  read_map(const cursor& at, std::size_t most, const name_rule& rule);

  /// The same of names of a-z, 0-9, _ and -.
  [[nodiscard]] std::vector<std::pair<std::string, cursor>>
  read_map(const cursor& at, std::size_t most);

private:
  void report_absent(const cursor& at, std::string message);

  [[nodiscard]] std::optional<std::string>
  read_schema_file(const cursor& at, const std::string& path);

  std::string file_name_;
  const environment& variables_;
  payload_schema_check schema_check_;
  dollar_sign dollar_;
  std::vector<diagnostic> problems_;
  std::vector<std::string> files_;
  std::vector<diagnostic>* absent_secrets_ = nullptr; ///< null: are problems
};

} // namespace mfo::config
