#include "config/section.hpp"

#include "config/text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

#include <algorithm>
#include <map>

namespace mfo::config {

namespace {

/// A key that may be quoted in a message. Anything else could be a secret that
/// slipped out of its place, such as `password:hunter2: `.
bool is_quotable(std::string_view key) {
  constexpr std::size_t longest = 64;
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  return !key.empty() && key.size() <= longest &&
         std::ranges::all_of(key, fits);
}

std::string hint_for(std::string_view key, const std::vector<key_spec>& known) {
  std::vector<std::string_view> names;
  for (const auto& spec : known)
    names.push_back(spec.key);
  if (const auto near = nearest(key, names))
    return fmt::format("did you mean {}?", *near);
  for (const auto& spec : known)
    if (std::ranges::find(spec.keys, key, &key_spec::key) != spec.keys.end())
      return fmt::format("it belongs in {}", spec.key);
  return {};
}

void report_unknown(const section_view& view, const map_entry& entry,
                    reader& in) {
  const auto& parent = view.self().path;
  if (entry.key == "<<")
    in.report(entry.where, join_path(parent, "<<"), "unknown key",
              "merge keys are not supported");
  else if (is_quotable(entry.key))
    in.report(entry.where, join_path(parent, entry.key), "unknown key",
              hint_for(entry.key, view.keys()));
  else
    in.report(entry.where, parent, "unknown key",
              "it is not shown, since it may hold a secret");
}

void report_twice(const section_view& view, const map_entry& entry,
                  const place& first, reader& in) {
  const bool quotable = is_quotable(entry.key);
  in.report(
      entry.where,
      quotable ? join_path(view.self().path, entry.key) : view.self().path,
      fmt::format("the key is given twice; first in line {}", first.line));
}

} // namespace

section_view::section_view(const cursor& at, const std::vector<key_spec>& keys)
  : self_(at), keys_(keys) {}

std::optional<cursor> section_view::find(std::string_view key) const {
  const auto& entries = self_.value->entries;
  const auto found = std::ranges::find(entries, key, &map_entry::key);
  if (found == entries.end())
    return std::nullopt;
  return cursor{found->value.get(), found->where, join_path(self_.path, key)};
}

bool section_view::given(std::string_view key) const {
  return find(key).has_value();
}

bool section_view::sound(std::string_view key) const {
  return !unsound_.contains(key);
}

void section_view::set_unsound(std::string_view key) {
  unsound_.emplace(key);
}

cursor section_view::blame(std::initializer_list<std::string_view> keys) const {
  for (const auto key : keys)
    if (auto found = find(key))
      return *std::move(found);
  return self_;
}

const cursor& section_view::self() const {
  return self_;
}

const std::vector<key_spec>& section_view::keys() const {
  return keys_;
}

cursor key_of(const cursor& map, std::string_view key) {
  static const std::vector<key_spec> any_keys;
  return section_view(map, any_keys).blame({key});
}

bool check_keys(const section_view& view, reader& in) {
  const auto& self = view.self();
  if (self.value->kind != node_kind::map &&
      self.value->kind != node_kind::null) {
    in.report(self, fmt::format("must be a map of keys and values, not {}",
                                self.value->kind == node_kind::sequence
                                    ? "a list"
                                    : "a single value"));
    return false;
  }
  std::map<std::string_view, place> seen;
  for (const auto& entry : self.value->entries) {
    const auto [first, is_new] = seen.emplace(entry.key, entry.where);
    if (!is_new)
      report_twice(view, entry, first->second, in);
    else if (std::ranges::find(view.keys(), entry.key, &key_spec::key) ==
             view.keys().end())
      report_unknown(view, entry, in);
  }
  for (const auto& spec : view.keys())
    if (spec.required && !seen.contains(spec.key))
      in.report(self.key_where, join_path(self.path, spec.key),
                "missing required key");
  return true;
}

void write_key(YAML::Emitter& out, const std::string& key) {
  out << YAML::Key << key << YAML::Value;
}

void write_text(YAML::Emitter& out, const std::string& key,
                const std::string& value) {
  write_key(out, key);
  write_item(out, value);
}

void write_item(YAML::Emitter& out, const std::string& value) {
  // So that it loads again as itself.
  std::string escaped;
  for (const char c : value)
    escaped += c == '$' ? "$$" : std::string(1, c);
  out << escaped;
}

void write_map(YAML::Emitter& out, const std::function<void()>& content) {
  out << YAML::BeginMap;
  content();
  out << YAML::EndMap;
}

void write_list(YAML::Emitter& out, const std::function<void()>& content) {
  out << YAML::BeginSeq;
  content();
  out << YAML::EndSeq;
}

void write_hidden(YAML::Emitter& out) {
  out << "***";
}

} // namespace mfo::config
