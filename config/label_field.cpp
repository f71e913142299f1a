#include "config/label_field.hpp"

#include <algorithm>
#include <string_view>

namespace mfo::config {

namespace {

using label_text = tl::expected<std::string, std::string>;

constexpr std::size_t most_labels = 16;
constexpr std::size_t longest_label = 64; ///< characters, of a key or a value

bool fits_label(std::string_view text) {
  return !text.empty() && text.size() <= longest_label;
}

label_text parse_label_key(std::string_view text) {
  // What is known in Kubernetes has slashes: topology.kubernetes.io/zone.
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/").find(c) != std::string_view::npos;
  };
  if (fits_label(text) && std::ranges::all_of(text, fits))
    return std::string(text);
  return tl::make_unexpected(
      std::string("must be 1 to 64 of a-z, 0-9, ., _, - and /"));
}

label_text parse_label_value(std::string_view text) {
  const auto is_visible = [](char c) {
    return c > ' ' && c < '\x7f';
  };
  if (fits_label(text) && std::ranges::all_of(text, is_visible) &&
      !text.starts_with('$'))
    return std::string(text);
  return tl::make_unexpected(std::string(
      "must be 1 to 64 visible ASCII characters, the first one not $"));
}

label_text parse_wanted_value(std::string_view text) {
  if (text == value_of_self)
    return std::string(text);
  return parse_label_value(text).map_error(
      [](const std::string& message) { return message + ", or $self"; });
}

} // namespace

node_labels read_labels(label_owner whose, const cursor& at, reader& in) {
  auto* const parse =
      whose == label_owner::this_node ? parse_label_value : parse_wanted_value;
  node_labels labels;
  for (const auto& [key, value] :
       in.read_map(at, most_labels, parse_label_key)) {
    const auto text = in.read_text(value);
    if (!text)
      continue;
    if (auto parsed = parse(*text))
      labels.emplace(key, *std::move(parsed));
    else
      in.report(value, parsed.error());
  }
  return labels;
}

void write_labels(const std::string& key, const node_labels& labels,
                  YAML::Emitter& out) {
  if (labels.empty())
    return;
  write_key(out, key);
  write_map(out, [&] {
    for (const auto& [name, value] : labels)
      write_text(out, name, value);
  });
}

} // namespace mfo::config
