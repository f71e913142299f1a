#include "casebook/write.hpp"

#include "config/text.hpp"
#include "core/text_encoding.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mfo::casebook {

namespace {

using nlohmann::ordered_json;

// A file may have config::max_nodes values, config::max_depth deep.
constexpr std::size_t most_values = config::max_nodes / 2;
constexpr std::size_t most_depth = config::max_depth - 8;
/// YAML bounds a key that stands on its line.
constexpr std::size_t longest_key = 512;

constexpr std::array<std::string_view, 9> words_that_mean_else{
    "null", "true", "false", "yes", "no", "on", "off", "y", "n"};

/// Whether no reader can take it for anything but this text.
bool is_plain(std::string_view text) {
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0)
    return false;
  std::string small{text};
  std::ranges::transform(small, small.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return std::ranges::find(words_that_mean_else, small) ==
             words_that_mean_else.end() &&
         std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '/' ||
                  c == '.';
         });
}

/// Whether a file may hold it, with escapes.
bool is_yaml_text(std::string_view text) {
  // The emitter escapes other control characters, and leaves these.
  constexpr std::array<std::string_view, 3> left{"\x7f", "\xef\xbf\xbe",
                                                 "\xef\xbf\xbf"};
  return !config::first_invalid_utf8(text) &&
         std::ranges::none_of(left, [&](std::string_view each) {
           return text.find(each) != std::string_view::npos;
         });
}

void write(YAML::Emitter& out, const std::string& text) {
  if (is_plain(text))
    out << text;
  else
    out << YAML::DoubleQuoted << text;
}

void write_key(YAML::Emitter& out, const std::string& name) {
  out << YAML::Key;
  write(out, name);
  out << YAML::Value;
}

void write(YAML::Emitter& out, const std::string& name,
           const std::string& text) {
  write_key(out, name);
  write(out, text);
}

void write(YAML::Emitter& out, const std::string& name, int number) {
  write_key(out, name);
  out << number;
}

void write(YAML::Emitter& out, const ordered_json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [name, each] : value.items()) {
      write_key(out, name);
      write(out, each);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::BeginSeq;
    for (const auto& each : value)
      write(out, each);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    write(out, value.get_ref<const std::string&>());
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();
  }
}

/// How many values it has; more than `most` where it is nested deeper than
/// `depth`, or has a name that is too long for a key.
std::size_t values_in(const ordered_json& value, std::size_t depth,
                      std::size_t most) {
  if (!value.is_structured())
    return 1;
  if (depth == 0)
    return most + 1;
  std::size_t count = 1;
  for (const auto& [name, each] : value.items()) {
    if (value.is_object() && name.size() > longest_key)
      return most + 1;
    count += values_in(each, depth - 1, most);
    if (count > most)
      break;
  }
  return count;
}

class writer {
public:
  std::string file(const book& from) {
    out_ << YAML::BeginMap;
    if (!from.config.empty())
      write(out_, "config", from.config);
    write_key(out_, "cases");
    out_ << YAML::BeginSeq;
    for (const auto& each : from.cases)
      one_case(each);
    out_ << YAML::EndSeq << YAML::EndMap;
    return std::string{out_.c_str(), out_.size()} + '\n';
  }

private:
  void one_case(const test_case& from) {
    out_ << YAML::BeginMap;
    write(out_, "name", from.name);
    if (!from.stubs.empty())
      stubs(from.stubs);
    if (from.steps.size() == 1) {
      one_step(from.steps.front());
    } else {
      write_key(out_, "steps");
      out_ << YAML::BeginSeq;
      for (const auto& each : from.steps) {
        out_ << YAML::BeginMap;
        one_step(each);
        out_ << YAML::EndMap;
      }
      out_ << YAML::EndSeq;
    }
    out_ << YAML::EndMap;
  }

  void one_step(const step& from) {
    if (!from.endpoint.empty())
      write(out_, "endpoint", from.endpoint);
    if (!from.from.empty())
      write(out_, "from", from.from);
    if (from.sign != signing::yes)
      write(out_, "sign", from.sign == signing::no ? "no" : "wrong");
    one_request(from.request);
    if (from.expect.given)
      expected(from.expect);
  }

  void one_request(const request& from) {
    write_key(out_, "request");
    out_ << YAML::BeginMap;
    if (!from.method.empty())
      write(out_, "method", from.method);
    if (!from.path.empty())
      write(out_, "path", from.path);
    if (!from.query.empty())
      write(out_, "query", from.query);
    if (!from.headers.empty())
      headers(from.headers);
    body(from.body);
    out_ << YAML::EndMap;
  }

  void headers(const http::header_list& list) {
    std::vector<std::string> names;
    std::map<std::string, std::vector<std::string>> values;
    for (const auto& [field, value] : list) {
      const std::string name{field};
      if (!values.contains(name))
        names.push_back(name);
      values[name].emplace_back(value);
    }
    write_key(out_, "headers");
    out_ << YAML::BeginMap;
    for (const auto& name : names) {
      const auto& all = values[name];
      if (all.size() == 1)
        write(out_, name, all.front());
      else
        write_list(name, all);
    }
    out_ << YAML::EndMap;
  }

  void write_list(const std::string& name,
                  const std::vector<std::string>& values) {
    write_key(out_, name);
    out_ << YAML::BeginSeq;
    for (const auto& each : values)
      write(out_, each);
    out_ << YAML::EndSeq;
  }

  void body(const std::string& bytes) {
    if (bytes.empty())
      return;
    if (is_yaml_text(bytes)) {
      if (const auto value = as_json(bytes)) {
        write_key(out_, "json");
        return write(out_, *value);
      }
      return write(out_, "body", bytes);
    }
    const auto* const first =
        reinterpret_cast<const std::uint8_t*>(bytes.data());
    write(out_, "base64", core::encode_base64(std::span{first, bytes.size()}));
  }

  /// Where it reads as the same again, digit by digit.
  std::optional<ordered_json> as_json(const std::string& text) {
    auto value = ordered_json::parse(text, nullptr, false);
    if (value.is_discarded())
      return std::nullopt;
    const auto count = values_in(value, most_depth, most_values);
    if (count > most_values - values_ || value.dump() != text)
      return std::nullopt;
    values_ += count;
    return value;
  }

  void expected(const expectation& from) {
    write_key(out_, "expect");
    out_ << YAML::BeginMap;
    if (from.status)
      write(out_, "status", *from.status);
    if (!from.reason.empty())
      write(out_, "reason", from.reason);
    if (from.ends)
      write(out_, "outcome",
            std::string{outcome_names[static_cast<std::size_t>(*from.ends)]});
    out_ << YAML::EndMap;
  }

  void stubs(const std::vector<stub>& list) {
    write_key(out_, "stubs");
    out_ << YAML::BeginSeq;
    for (const auto& each : list) {
      out_ << YAML::Flow << YAML::BeginMap;
      if (!each.operation.empty())
        write(out_, "operation", each.operation);
      write(out_, "status", each.status);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndSeq;
  }

  YAML::Emitter out_;
  std::size_t values_ = 0; ///< of bodies so far
};

} // namespace

std::string to_yaml(const book& from) {
  return writer{}.file(from);
}

} // namespace mfo::casebook
