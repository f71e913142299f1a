#pragma once

#include "schema/compile.hpp"
#include "schema/value.hpp"

#include <valijson/constraints/constraint_visitor.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::schema {

/// A place in the payload: a chain on the stack, made a pointer only for a
/// violation.
struct place {
  const place* parent = nullptr; ///< none: the whole
  std::string_view name{};
  std::size_t index = 0;
  bool is_item = false;

  [[nodiscard]] place member(std::string_view of_name) const {
    return {this, of_name, 0, false};
  }

  [[nodiscard]] place item(std::size_t of_index) const {
    return {this, {}, of_index, true};
  }

  /// Cut to `max_pointer`.
  [[nodiscard]] std::string pointer() const;
};

/// One check of one payload: visits what valijson's parser made of a schema.
/// Its own validator has no bounds: std::regex recurses once a character,
/// unique items are compared each with each, errors are gathered without end.
class evaluation final : public valijson::constraints::ConstraintVisitor {
public:
  using json = nlohmann::json;

  evaluation(const compiled_schema& schema, std::size_t text_size);

  std::vector<core::violation> run(const json& value);

  bool visit(const AllOfConstraint& rule) override;
  bool visit(const AnyOfConstraint& rule) override;
  bool visit(const ConditionalConstraint& rule) override;
  bool visit(const ConstConstraint& rule) override;
  bool visit(const ContainsConstraint& rule) override;
  bool visit(const DependenciesConstraint& rule) override;
  bool visit(const EnumConstraint& rule) override;
  bool visit(const FormatConstraint& rule) override;
  bool visit(const LinearItemsConstraint& rule) override;
  bool visit(const MaxItemsConstraint& rule) override;
  bool visit(const MaximumConstraint& rule) override;
  bool visit(const MaxLengthConstraint& rule) override;
  bool visit(const MaxPropertiesConstraint& rule) override;
  bool visit(const MinItemsConstraint& rule) override;
  bool visit(const MinimumConstraint& rule) override;
  bool visit(const MinLengthConstraint& rule) override;
  bool visit(const MinPropertiesConstraint& rule) override;
  bool visit(const MultipleOfDoubleConstraint& rule) override;
  bool visit(const MultipleOfIntConstraint& rule) override;
  bool visit(const NotConstraint& rule) override;
  bool visit(const OneOfConstraint& rule) override;
  bool visit(const PatternConstraint& rule) override;
  bool visit(const PolyConstraint& rule) override;
  bool visit(const PropertiesConstraint& rule) override;
  bool visit(const PropertyNamesConstraint& rule) override;
  bool visit(const RequiredConstraint& rule) override;
  bool visit(const SingularItemsConstraint& rule) override;
  bool visit(const TypeConstraint& rule) override;
  bool visit(const UniqueItemsConstraint& rule) override;

private:
  /// Whether a schema holds; what does not is recorded.
  bool holds(const valijson::Subschema& schema, const json& value,
             const place& at);

  /// Whether it holds, and nothing is recorded.
  bool would_hold(const valijson::Subschema& schema);
  bool would_hold(const valijson::Subschema& schema, const json& value);

  /// For what is applied to the value itself.
  bool holds(const valijson::Subschema& schema);

  /// Those that no other keyword has matched.
  bool check_other_members(const PropertiesConstraint& rule,
                           std::vector<const json*> matched);

  /// Records it. False, whatever the bound is.
  bool fail(std::string_view rule);
  bool fail(const place& at, std::string_view rule);
  bool fail_unless(bool kept, std::string_view rule);

  /// Gives up: nothing that is found from now on counts.
  bool give_up(std::string_view rule);

  bool spend(std::size_t steps);
  bool matches(std::string_view expression, std::string_view text);

  const compiled_schema& schema_;
  work_budget work_;
  valijson::Subschema::ApplyFunction apply_;
  std::vector<core::violation> found_;
  bool stopped_ = false;
  unsigned quiet_ = 0; ///< how many askers only want to know whether
  std::size_t depth_ = 0;
  // What is looked at.
  const json* value_ = nullptr;
  const place* at_ = nullptr;
};

} // namespace mfo::schema
