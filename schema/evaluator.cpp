#include "schema/evaluator.hpp"

#include "schema/evaluation.hpp"
#include "schema/keywords.hpp"

#include <valijson/subschema.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace mfo::schema {

namespace {

/// Schemas that are applied in one another. Payloads are nested 1024 deep at
/// most, so four for each level; together less than 1 MiB of stack.
constexpr std::size_t max_depth = 4096;

/// Steps: a schema applied, a name looked up, 16 bytes looked at.
constexpr std::size_t work_for(std::size_t text_size) {
  constexpr std::size_t least = 100'000;
  constexpr std::size_t each_byte = 16;
  return least + each_byte * text_size;
}

} // namespace

std::string place::pointer() const {
  std::vector<const place*> way;
  for (const auto* at = this; at->parent != nullptr; at = at->parent)
    way.push_back(at);
  std::string out;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    const auto before = out.size();
    const auto& at = **step;
    // An escape at most doubles it, and a name may be a megabyte.
    append_token(out, at.is_item ? std::to_string(at.index)
                                 : at.name.substr(0, max_pointer));
    if (out.size() > max_pointer || at.name.size() > max_pointer) {
      out.resize(before);
      break;
    }
  }
  return out;
}

evaluation::evaluation(const compiled_schema& schema, std::size_t text_size)
  : schema_(schema), work_(work_for(text_size)),
    apply_([this](const valijson::constraints::Constraint& rule) {
      return !stopped_ && rule.accept(*this);
    }) {}

std::vector<core::violation> evaluation::run(const json& value) {
  const place whole;
  holds(*schema_.rules.root(), value, whole);
  return std::move(found_);
}

bool evaluation::holds(const valijson::Subschema& schema, const json& value,
                       const place& at) {
  if (stopped_ || !spend(1))
    return false;
  if (schema.getAlwaysInvalid())
    return fail(at, "false");
  if (depth_ == max_depth)
    return give_up(rule_depth);
  const auto* const outer_value = std::exchange(value_, &value);
  const auto* const outer_at = std::exchange(at_, &at);
  ++depth_;
  const bool kept =
      quiet_ > 0 ? schema.applyStrict(apply_) : schema.apply(apply_);
  --depth_;
  at_ = outer_at;
  value_ = outer_value;
  return kept && !stopped_;
}

bool evaluation::holds(const valijson::Subschema& schema) {
  return holds(schema, *value_, *at_);
}

bool evaluation::would_hold(const valijson::Subschema& schema) {
  return would_hold(schema, *value_);
}

bool evaluation::would_hold(const valijson::Subschema& schema,
                            const json& value) {
  ++quiet_;
  const bool kept = holds(schema, value, *at_);
  --quiet_;
  return kept;
}

bool evaluation::fail(std::string_view rule) {
  return fail(*at_, rule);
}

bool evaluation::fail(const place& at, std::string_view rule) {
  if (quiet_ > 0 || stopped_)
    return false;
  found_.push_back({at.pointer(), std::string{rule}});
  stopped_ = found_.size() == max_violations;
  return false;
}

bool evaluation::fail_unless(bool kept, std::string_view rule) {
  return kept || fail(rule);
}

bool evaluation::give_up(std::string_view rule) {
  if (!stopped_)
    found_.push_back({{}, std::string{rule}});
  stopped_ = true;
  return false;
}

bool evaluation::spend(std::size_t steps) {
  return work_.spend(steps) || give_up(rule_work);
}

bool evaluation::matches(std::string_view expression, std::string_view text) {
  // All that a schema has are compiled with it.
  const auto& compiled = schema_.patterns.find(expression)->second;
  return spend(work_of(text.size())) && compiled.matches(text);
}

bool evaluation::visit(const AllOfConstraint& rule) {
  bool kept = true;
  rule.applyToSubschemas([&](unsigned, const auto* schema) {
    kept = holds(*schema) && kept;
    return kept || quiet_ == 0;
  });
  return kept;
}

bool evaluation::visit(const AnyOfConstraint& rule) {
  bool kept = false;
  rule.applyToSubschemas([&](unsigned, const auto* schema) {
    kept = would_hold(*schema);
    return !kept && !stopped_;
  });
  return fail_unless(kept, "anyOf");
}

bool evaluation::visit(const OneOfConstraint& rule) {
  unsigned kept = 0;
  rule.applyToSubschemas([&](unsigned, const auto* schema) {
    kept += would_hold(*schema) ? 1 : 0;
    return kept < 2 && !stopped_;
  });
  return fail_unless(kept == 1, "oneOf");
}

bool evaluation::visit(const NotConstraint& rule) {
  return fail_unless(!would_hold(*rule.getSubschema()), "not");
}

bool evaluation::visit(const ConditionalConstraint& rule) {
  const auto* then = would_hold(*rule.getIfSubschema())
                         ? rule.getThenSubschema()
                         : rule.getElseSubschema();
  return then == nullptr || holds(*then);
}

bool evaluation::visit(const DependenciesConstraint& rule) {
  if (!value_->is_object())
    return true;
  bool kept = true;
  const auto is_there = [&](std::string_view name) {
    return spend(1) && value_->find(name) != value_->end();
  };
  rule.applyToPropertyDependencies([&](std::string_view name,
                                       const auto& others) {
    if (!is_there(name))
      return !stopped_;
    for (const auto& other : others)
      if (!is_there({other.data(), other.size()}))
        kept = fail("dependencies: " + std::string{other.data(), other.size()});
    return kept || quiet_ == 0;
  });
  rule.applyToSchemaDependencies(
      [&](std::string_view name, const auto* schema) {
        if (is_there(name))
          kept = holds(*schema) && kept;
        return !stopped_ && (kept || quiet_ == 0);
      });
  return kept;
}

bool evaluation::visit(const PolyConstraint& rule) {
  const auto& accepted = static_cast<const accepted_values&>(rule);
  const bool kept =
      std::ranges::any_of(accepted.values(), [&](const json& value) {
        return equal(value, *value_, work_);
      });
  return spend(1) && fail_unless(kept, accepted.rule());
}

// These two have become `accepted_values`.
bool evaluation::visit(const ConstConstraint&) {
  return true;
}

bool evaluation::visit(const EnumConstraint&) {
  return true;
}

std::vector<core::violation> evaluate(const compiled_schema& schema,
                                      const nlohmann::json& value,
                                      std::size_t text_size) {
  return evaluation(schema, text_size).run(value);
}

} // namespace mfo::schema
