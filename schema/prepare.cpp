#include "schema/prepare.hpp"

#include "schema/keywords.hpp"
#include "schema/references.hpp"
#include "schema/value.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace mfo::schema {

namespace {

using nlohmann::json;

/// Turns 2.0 into 2, which valijson demands.
void make_integer(json& number) {
  constexpr double most = 9007199254740992.0; // 2^53: each one has a double
  if (number.is_number_float() && is_integer(number) &&
      number.get<double>() >= 0 && number.get<double>() <= most)
    number = static_cast<std::uint64_t>(number.get<double>());
}

class preparation {
public:
  explicit preparation(prepared_schema& result) : result_(result) {}

  std::optional<compile_error> run() {
    reference_linker linker(result_.document);
    if (auto error = linker.run())
      return error;
    for (const auto& each : linker.schemas())
      if (auto error = adapt(*each.node, each.pointer))
        return error;
    linker.finish();
    return std::nullopt;
  }

private:
  std::optional<compile_error> adapt(json& node, const std::string& pointer) {
    if (!node.is_object() || node.contains("$ref"))
      return std::nullopt;
    // `id` is draft 4's word for $id, and valijson's in every draft; the
    // others are notes for the reader that valijson is particular about.
    for (const auto* meaningless : {"id", "description", "title"})
      node.erase(meaningless);
    if (const auto format = node.find("format");
        format != node.end() && *format == "")
      node.erase(format);
    adapt_numbers(node);
    take_values(node);
    if (has_cut_names(node))
      return compile_error{pointer, "a name with a NUL character", {}};
    return compile_patterns(node, pointer);
  }

  static void adapt_numbers(json& node) {
    for (const auto* count : {"maxItems", "maxLength", "maxProperties",
                              "minItems", "minLength", "minProperties"})
      if (const auto found = node.find(count); found != node.end())
        make_integer(*found);
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if (const auto found = node.find("multipleOf");
        found != node.end() && found->is_number_unsigned() &&
        found->get<std::uint64_t>() > std::uint64_t{most})
      *found = found->get<double>();
  }

  void take_values(json& node) {
    auto& sets = *result_.accepted;
    if (const auto found = node.find("const"); found != node.end()) {
      node[const_key] = sets.size();
      sets.push_back({std::move(*found)});
      node.erase("const");
    }
    if (const auto found = node.find("enum");
        found != node.end() && found->is_array()) {
      node[enum_key] = sets.size();
      sets.push_back(found->get<std::vector<json>>());
      node.erase("enum");
    }
  }

  /// valijson takes names for C strings.
  static bool has_cut_names(const json& node) {
    const auto is_cut = [](const std::string& name) {
      return name.find('\0') != std::string::npos;
    };
    const auto holds_cut = [&](const json& list) {
      for (const auto& name : list)
        if (name.is_string() && is_cut(name.get_ref<const std::string&>()))
          return true;
      return false;
    };
    for (const auto* map : {"properties", "patternProperties", "dependencies"})
      if (const auto found = node.find(map);
          found != node.end() && found->is_object())
        for (const auto& [name, value] : found->items())
          if (is_cut(name) || (value.is_array() && holds_cut(value)))
            return true;
    const auto required = node.find("required");
    return required != node.end() && required->is_array() &&
           holds_cut(*required);
  }

  std::optional<compile_error> compile_patterns(const json& node,
                                                const std::string& pointer) {
    if (const auto found = node.find("pattern");
        found != node.end() && found->is_string() &&
        !compile_pattern(found->get_ref<const std::string&>()))
      return refused_pattern(pointer + "/pattern");
    const auto map = node.find("patternProperties");
    if (map == node.end() || !map->is_object())
      return std::nullopt;
    for (const auto& [name, value] : map->items())
      if (!compile_pattern(name))
        return refused_pattern(pointer + "/patternProperties");
    return std::nullopt;
  }

  bool compile_pattern(const std::string& expression) {
    if (result_.patterns.contains(expression))
      return true;
    if (expression.find('\0') != std::string::npos)
      return false;
    auto compiled = pattern::compile(expression);
    if (!compiled)
      return false;
    result_.patterns.emplace(expression, *std::move(compiled));
    return true;
  }

  static compile_error refused_pattern(std::string pointer) {
    return {std::move(pointer), "a regular expression that is not supported",
            "no look-around, no back-references; a repetition of 1000 at most"};
  }

  prepared_schema& result_;
};

} // namespace

tl::expected<prepared_schema, compile_error> prepare(json document) {
  prepared_schema result;
  result.document = std::move(document);
  if (auto error = preparation(result).run())
    return tl::make_unexpected(*std::move(error));
  return result;
}

} // namespace mfo::schema
