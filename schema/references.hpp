#pragma once

#include "schema/json_schema.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::schema {

/// Schemas that lead to one another, deeper than this, are refused.
inline constexpr std::size_t max_schema_nesting = 256;

/// A schema in a document. A `$ref` is one too.
struct found_schema {
  nlohmann::json* node;
  std::string pointer;
};

/// Finds the schemas of a document and what their references mean (draft 7
/// core, section 8): `$id` sets the base for what is in it, or names the
/// place. Each `$ref` is then written as the pointer to where it leads within
/// the document.
///
/// The meta-schema of draft 7 is known and becomes a part of a document that
/// refers to it; no other document is.
class reference_linker {
public:
  /// `root` must outlive the linker and not move.
  explicit reference_linker(nlohmann::json& root);

  /// What is wrong with it, if anything is.
  std::optional<compile_error> run();

  /// To be called when nothing in the schemas will change any more.
  void finish();

  /// All that can be reached, by $ref also from where only it leads.
  [[nodiscard]] const std::vector<found_schema>& schemas() const {
    return schemas_;
  }

private:
  struct open_reference {
    std::size_t schema;
    std::string base;
  };

  void walk(nlohmann::json& node, std::string base, std::string pointer);
  std::string enter(const nlohmann::json& node, const std::string& base,
                    const std::string& pointer);
  std::optional<compile_error> resolve(const open_reference& open);
  std::optional<compile_error> refuse_circles() const;
  bool import_known(const std::string& document);
  std::string plain_pointer(const std::string& pointer,
                            const nlohmann::json& target);
  nlohmann::json& root_definitions();

  nlohmann::json& root_;
  std::vector<found_schema> schemas_;
  std::map<const nlohmann::json*, std::size_t> numbers_; ///< of schemas_
  std::vector<open_reference> open_;
  std::map<std::size_t, std::size_t> targets_; ///< of a $ref
  std::vector<std::pair<std::string, const nlohmann::json*>> copies_;
  /// URIs, as `$id` gives them, to the pointers of what they name.
  std::map<std::string, std::string, std::less<>> places_;
};

} // namespace mfo::schema
