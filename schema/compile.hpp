#pragma once

#include "schema/json_schema.hpp"
#include "schema/prepare.hpp"

#include <nlohmann/json.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>

#include <memory>
#include <vector>

namespace mfo::schema {

/// A `const` or an `enum`, for valijson's list of constraints.
class accepted_values final : public valijson::constraints::PolyConstraint {
public:
  accepted_values(const char* rule, const std::vector<nlohmann::json>& values)
    : rule_(rule), values_(&values) {}

  [[nodiscard]] const char* rule() const {
    return rule_;
  }

  /// They live as long as the compiled schema.
  [[nodiscard]] const std::vector<nlohmann::json>& values() const {
    return *values_;
  }

  /// Not for us: valijson's own visitor would call it.
  bool validate(const valijson::adapters::Adapter& target,
                const std::vector<std::string>& context,
                valijson::ValidationResults* results) const override;

private:
  valijson::constraints::Constraint* cloneInto(void* at) const override;
  [[nodiscard]] std::size_t sizeOf() const override;

  const char* rule_;
  const std::vector<nlohmann::json>* values_;
};

/// What valijson's parser makes of a schema, with what it does not do.
struct compiled_schema {
  valijson::Schema rules;
  pattern_map patterns;
  std::shared_ptr<const value_sets> accepted;
};

/// Requires: the meta-schema holds for `document`.
tl::expected<std::shared_ptr<const compiled_schema>, compile_error>
compile_document(nlohmann::json document);

} // namespace mfo::schema
