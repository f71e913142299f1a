// The rules for one type of value each; all others they leave alone.

#include "schema/evaluation.hpp"
#include "schema/formats.hpp"

#include <algorithm>
#include <string>

namespace mfo::schema {

namespace {

using nlohmann::json;

template <class String>
std::string_view view(const String& text) {
  return {text.data(), text.size()};
}

const std::string& text_of(const json& value) {
  return value.get_ref<const std::string&>();
}

bool is_of_type(const json& value,
                valijson::constraints::TypeConstraint::JsonType type) {
  using types = valijson::constraints::TypeConstraint;
  switch (type) {
  case types::kAny:
    return true;
  case types::kArray:
    return value.is_array();
  case types::kBoolean:
    return value.is_boolean();
  case types::kInteger:
    return is_integer(value);
  case types::kNull:
    return value.is_null();
  case types::kNumber:
    return value.is_number();
  case types::kObject:
    return value.is_object();
  case types::kString:
    return value.is_string();
  }
  return false;
}

} // namespace

bool evaluation::visit(const TypeConstraint& rule) {
  bool kept = false;
  rule.applyToNamedTypes([&](auto type) {
    kept = is_of_type(*value_, type);
    return !kept;
  });
  return fail_unless(kept, "type");
}

// Numbers.

bool evaluation::visit(const MaximumConstraint& rule) {
  if (!value_->is_number())
    return true;
  const auto number = exact_number(*value_);
  const long double most = rule.getMaximum();
  return rule.getExclusiveMaximum()
             ? fail_unless(number < most, "exclusiveMaximum")
             : fail_unless(number <= most, "maximum");
}

bool evaluation::visit(const MinimumConstraint& rule) {
  if (!value_->is_number())
    return true;
  const auto number = exact_number(*value_);
  const long double least = rule.getMinimum();
  return rule.getExclusiveMinimum()
             ? fail_unless(number > least, "exclusiveMinimum")
             : fail_unless(number >= least, "minimum");
}

bool evaluation::visit(const MultipleOfIntConstraint& rule) {
  return !value_->is_number() ||
         fail_unless(is_multiple(*value_, rule.getDivisor()), "multipleOf");
}

bool evaluation::visit(const MultipleOfDoubleConstraint& rule) {
  return !value_->is_number() ||
         fail_unless(is_multiple(*value_, rule.getDivisor()), "multipleOf");
}

// Strings.

bool evaluation::visit(const MaxLengthConstraint& rule) {
  if (!value_->is_string())
    return true;
  const auto& text = text_of(*value_);
  return spend(work_of(text.size())) &&
         fail_unless(count_characters(text) <= rule.getMaxLength(),
                     "maxLength");
}

bool evaluation::visit(const MinLengthConstraint& rule) {
  if (!value_->is_string())
    return true;
  const auto& text = text_of(*value_);
  return spend(work_of(text.size())) &&
         fail_unless(count_characters(text) >= rule.getMinLength(),
                     "minLength");
}

bool evaluation::visit(const PatternConstraint& rule) {
  if (!value_->is_string())
    return true;
  const std::string expression{rule.getPattern<std::allocator<char>>()};
  return fail_unless(matches(expression, text_of(*value_)), "pattern");
}

bool evaluation::visit(const FormatConstraint& rule) {
  if (!value_->is_string())
    return true;
  const auto& text = text_of(*value_);
  return spend(work_of(text.size())) &&
         (conforms_to_format(rule.getFormat(), text) ||
          fail("format: " + rule.getFormat()));
}

// Arrays.

bool evaluation::visit(const MaxItemsConstraint& rule) {
  return !value_->is_array() ||
         fail_unless(value_->size() <= rule.getMaxItems(), "maxItems");
}

bool evaluation::visit(const MinItemsConstraint& rule) {
  return !value_->is_array() ||
         fail_unless(value_->size() >= rule.getMinItems(), "minItems");
}

bool evaluation::visit(const UniqueItemsConstraint&) {
  if (!value_->is_array())
    return true;
  const bool kept = all_different(*value_, work_);
  return spend(1) && fail_unless(kept, "uniqueItems");
}

bool evaluation::visit(const ContainsConstraint& rule) {
  if (!value_->is_array())
    return true;
  const bool kept = std::ranges::any_of(*value_, [&](const json& item) {
    return !stopped_ && would_hold(*rule.getSubschema(), item);
  });
  return fail_unless(kept, "contains");
}

bool evaluation::visit(const SingularItemsConstraint& rule) {
  if (!value_->is_array())
    return true;
  const auto& items = *value_;
  bool kept = true;
  for (std::size_t i = 0; i < items.size() && !stopped_; ++i) {
    kept = holds(*rule.getItemsSubschema(), items[i], at_->item(i)) && kept;
    if (!kept && quiet_ > 0)
      break;
  }
  return kept;
}

bool evaluation::visit(const LinearItemsConstraint& rule) {
  if (!value_->is_array())
    return true;
  const auto& items = *value_;
  bool kept = true;
  rule.applyToItemSubschemas([&](unsigned i, const auto* schema) {
    if (i >= items.size())
      return false;
    kept = holds(*schema, items[i], at_->item(i)) && kept;
    return !stopped_ && (kept || quiet_ == 0);
  });
  const auto* others = rule.getAdditionalItemsSubschema();
  if (others == schema_.rules.emptySubschema())
    return kept;
  for (auto i = rule.getItemSubschemaCount(); i < items.size() && !stopped_;
       ++i) {
    const auto at = at_->item(i);
    kept = (others == nullptr ? fail(at, "additionalItems")
                              : holds(*others, items[i], at)) &&
           kept;
    if (!kept && quiet_ > 0)
      break;
  }
  return kept;
}

// Objects.

bool evaluation::visit(const MaxPropertiesConstraint& rule) {
  return !value_->is_object() ||
         fail_unless(value_->size() <= rule.getMaxProperties(),
                     "maxProperties");
}

bool evaluation::visit(const MinPropertiesConstraint& rule) {
  return !value_->is_object() ||
         fail_unless(value_->size() >= rule.getMinProperties(),
                     "minProperties");
}

bool evaluation::visit(const RequiredConstraint& rule) {
  if (!value_->is_object())
    return true;
  bool kept = true;
  rule.applyToRequiredProperties([&](const auto& name) {
    if (spend(1) && !value_->contains(view(name)))
      kept = fail("required: " + std::string{view(name)});
    return !stopped_ && (kept || quiet_ == 0);
  });
  return kept;
}

bool evaluation::visit(const PropertyNamesConstraint& rule) {
  if (!value_->is_object())
    return true;
  for (const auto& [name, member] : value_->items()) {
    if (!spend(work_of(name.size())))
      return false;
    if (!would_hold(*rule.getSubschema(), json(name)))
      return fail("propertyNames");
  }
  return true;
}

bool evaluation::visit(const PropertiesConstraint& rule) {
  if (!value_->is_object())
    return true;
  const auto& object = *value_;
  bool kept = true;
  const auto go_on = [&] {
    return !stopped_ && (kept || quiet_ == 0);
  };
  // What additionalProperties leaves alone.
  std::vector<const json*> matched;
  rule.applyToProperties([&](const auto& name, const auto* schema) {
    const auto member = object.find(view(name));
    if (!spend(1) || member == object.end())
      return !stopped_;
    matched.push_back(&*member);
    kept = holds(*schema, *member, at_->member(member.key())) && kept;
    return go_on();
  });
  rule.applyToPatternProperties([&](const auto& name, const auto* schema) {
    for (auto member = object.begin(); member != object.end() && go_on();
         ++member) {
      if (!matches(view(name), member.key()))
        continue;
      matched.push_back(&*member);
      kept = holds(*schema, *member, at_->member(member.key())) && kept;
    }
    return go_on();
  });
  if (!go_on() ||
      rule.getAdditionalPropertiesSubschema() == schema_.rules.emptySubschema())
    return kept;
  return check_other_members(rule, std::move(matched)) && kept;
}

bool evaluation::check_other_members(const PropertiesConstraint& rule,
                                     std::vector<const json*> matched) {
  const auto* others = rule.getAdditionalPropertiesSubschema();
  std::ranges::sort(matched);
  bool kept = true;
  const auto& object = *value_;
  for (auto member = object.begin(); member != object.end() && !stopped_;
       ++member) {
    if (std::ranges::binary_search(matched, &*member))
      continue;
    const auto at = at_->member(member.key());
    kept = (others == nullptr ? fail(at, "additionalProperties")
                              : holds(*others, *member, at)) &&
           kept;
    if (!kept && quiet_ > 0)
      break;
  }
  return kept;
}

} // namespace mfo::schema
