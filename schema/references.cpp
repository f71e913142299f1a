#include "schema/references.hpp"

#include "schema/circles.hpp"
#include "schema/keywords.hpp"
#include "schema/metaschema.hpp"
#include "schema/uri.hpp"

#include <utility>

namespace mfo::schema {

namespace {

using nlohmann::json;

constexpr auto id_key = "$id";
constexpr auto ref_key = "$ref";

const std::string* text_of(const json& node, const char* key) {
  if (!node.is_object())
    return nullptr;
  const auto found = node.find(key);
  return found == node.end() ? nullptr : found->get_ptr<const std::string*>();
}

json* find(json& root, const std::string& pointer) {
  try {
    const json::json_pointer path{pointer};
    return root.contains(path) ? &root.at(path) : nullptr;
  } catch (const json::exception&) {
    return nullptr;
  }
}

/// As a fragment that valijson reads as this pointer: it takes a % for the
/// start of an escape.
std::string to_fragment(const std::string& pointer) {
  std::string out{"#"};
  for (const char c : pointer)
    out.append(c == '%' ? "%25" : std::string(1, c));
  return out;
}

} // namespace

reference_linker::reference_linker(json& root) : root_(root) {}

std::optional<compile_error> reference_linker::run() {
  places_.emplace("", "");
  walk(root_, "", "");
  // More may be found on the way.
  for (std::size_t i = 0; i < open_.size(); ++i) {
    const auto next = open_[i];
    if (auto error = resolve(next))
      return error;
  }
  return refuse_circles();
}

/// The base for what is in `node`, whose name becomes known.
std::string reference_linker::enter(const json& node, const std::string& base,
                                    const std::string& pointer) {
  const auto* id = text_of(node, id_key);
  if (id == nullptr)
    return base;
  const auto [document, fragment] = split_fragment(*id);
  auto inner = resolve_reference(base, document);
  if (fragment.empty())
    places_.emplace(inner, pointer);
  else
    places_.emplace(inner + '#' + std::string{fragment}, pointer);
  return inner;
}

void reference_linker::walk(json& node, std::string base, std::string pointer) {
  if (!numbers_.emplace(&node, schemas_.size()).second)
    return;
  schemas_.push_back({&node, pointer});
  if (!node.is_object())
    return;
  // What stands beside a $ref is ignored (section 8.3), though a pointer may
  // lead to it.
  if (text_of(node, ref_key) != nullptr)
    open_.push_back({schemas_.size() - 1, base});
  else
    base = enter(node, base, pointer);
  visit_subschemas(node,
                   [&](json& child, const keyword&, const std::string& below) {
                     walk(child, base, pointer + below);
                   });
}

std::optional<compile_error>
reference_linker::resolve(const open_reference& open) {
  const auto place = schemas_[open.schema];
  const auto error = [&](std::string reason, std::string hint) {
    return compile_error{place.pointer + "/$ref", std::move(reason),
                         std::move(hint)};
  };
  const auto reference = *text_of(*place.node, ref_key);
  const auto [document, fragment] = split_fragment(reference);
  const auto uri = resolve_reference(open.base, document);
  if (!places_.contains(uri) && !import_known(uri))
    return error("refers to another document, which is never fetched",
                 "take what it refers to into `definitions`");
  const auto name = percent_decoded(fragment);
  auto pointer = places_.find(uri)->second;
  if (name.starts_with('/')) {
    pointer += name;
  } else if (!name.empty()) {
    const auto named = places_.find(uri + '#' + name);
    if (named == places_.end())
      return error("refers to a name that no $id gives", {});
    pointer = named->second;
  }
  auto* target = find(root_, pointer);
  if (target == nullptr)
    return error("refers to a place that is not there", {});
  if (!target->is_object() && !target->is_boolean())
    return error("refers to what is no schema", {});
  walk(*target, uri, pointer);
  targets_[open.schema] = numbers_.at(target);
  (*place.node)[ref_key] = to_fragment(plain_pointer(pointer, *target));
  return std::nullopt;
}

bool reference_linker::import_known(const std::string& document) {
  if (document != metaschema_uri || !root_.is_object())
    return false;
  auto& copy = root_definitions()[document] = json::parse(metaschema_text);
  std::string pointer{"/definitions"};
  append_token(pointer, document);
  walk(copy, document, std::move(pointer));
  return true;
}

/// valijson skips empty tokens of a pointer; what has one gets another place.
std::string reference_linker::plain_pointer(const std::string& pointer,
                                            const json& target) {
  if (pointer.find("//") == std::string::npos && !pointer.ends_with('/'))
    return pointer;
  auto& definitions = root_definitions();
  auto name = "copy " + std::to_string(copies_.size());
  while (definitions.contains(name))
    name += '+';
  definitions[name] = true;
  copies_.emplace_back(name, &target);
  return "/definitions/" + name;
}

json& reference_linker::root_definitions() {
  auto& definitions = root_["definitions"];
  if (!definitions.is_object())
    definitions = json::object();
  return definitions;
}

void reference_linker::finish() {
  for (const auto& [name, target] : copies_)
    root_definitions()[name] = json(*target);
}

std::optional<compile_error> reference_linker::refuse_circles() const {
  schema_graph graph(schemas_.size());
  for (std::size_t i = 0; i < schemas_.size(); ++i) {
    if (const auto target = targets_.find(i); target != targets_.end()) {
      graph[i].push_back({target->second, true});
    } else if (schemas_[i].node->is_object()) {
      visit_subschemas(
          std::as_const(*schemas_[i].node),
          [&](const json& child, const keyword& word, const std::string&) {
            if (word.name != "definitions")
              graph[i].push_back({numbers_.at(&child), word.same_value});
          });
    }
  }
  if (const auto at = find_circle(graph))
    return compile_error{schemas_[*at].pointer,
                         "applies itself to the same value again, forever",
                         {}};
  if (longest_way(graph, 0) > max_schema_nesting)
    return compile_error{{},
                         "nested deeper than " +
                             std::to_string(max_schema_nesting) +
                             " schemas, references included",
                         {}};
  return std::nullopt;
}

} // namespace mfo::schema
