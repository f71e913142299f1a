#include "schema/compile.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/schema_parser.hpp>

#include <exception>
#include <memory>
#include <new>
#include <utility>

namespace mfo::schema {

namespace {

class values_builder final : public valijson::ConstraintBuilder {
public:
  values_builder(const char* rule, std::shared_ptr<const value_sets> sets)
    : rule_(rule), sets_(std::move(sets)) {}

  /// valijson deletes it.
  [[nodiscard]] valijson::constraints::Constraint*
  make(const valijson::adapters::Adapter& index) const override {
    const auto& values = sets_->at(static_cast<std::size_t>(index.asInteger()));
    return std::make_unique<accepted_values>(rule_, values).release();
  }

private:
  const char* rule_;
  std::shared_ptr<const value_sets> sets_;
};

void parse(const nlohmann::json& document, compiled_schema& result) {
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  const auto add = [&](const char* key, const char* rule) {
    parser.addConstraintBuilder(
        key, std::make_unique<values_builder>(rule, result.accepted).release());
  };
  add(const_key, "const");
  add(enum_key, "enum");
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document),
                        result.rules);
}

} // namespace

bool accepted_values::validate(const valijson::adapters::Adapter&,
                               const std::vector<std::string>&,
                               valijson::ValidationResults*) const {
  return false;
}

valijson::constraints::Constraint* accepted_values::cloneInto(void* at) const {
  return new (at) accepted_values(*this);
}

std::size_t accepted_values::sizeOf() const {
  return sizeof(accepted_values);
}

tl::expected<std::shared_ptr<const compiled_schema>, compile_error>
compile_document(nlohmann::json document) {
  auto ready = prepare(std::move(document));
  if (!ready)
    return tl::make_unexpected(std::move(ready.error()));
  auto result = std::make_shared<compiled_schema>();
  result->patterns = std::move(ready->patterns);
  result->accepted = std::move(ready->accepted);
  try {
    parse(ready->document, *result);
  } catch (const std::exception&) {
    // What it says may quote the schema; the meta-schema has found the rest.
    return tl::make_unexpected(
        compile_error{{}, "is no schema of draft 7 where a $ref leads", {}});
  }
  return result;
}

} // namespace mfo::schema
