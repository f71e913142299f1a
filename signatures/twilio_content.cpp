#include "signatures/twilio_content.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace mfo::signatures {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// As the URL standard decodes forms: what is no escape stays as it is.
std::string decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_value(text[i + 1]) << 4 |
                               hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

template <class Visitor>
void for_each_field(std::string_view text, Visitor&& visit) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (field.empty())
      continue;
    const auto equals = field.find('=');
    visit(field.substr(0, equals), equals == std::string_view::npos
                                       ? std::string_view{}
                                       : field.substr(equals + 1));
  }
}

} // namespace

std::string sorted_form(std::string_view body) {
  std::map<std::string, std::set<std::string>> fields;
  for_each_field(body, [&](auto name, auto value) {
    fields[decode(name)].insert(decode(value));
  });
  std::string out;
  out.reserve(body.size());
  for (const auto& [name, values] : fields)
    for (const auto& value : values)
      out.append(name).append(value);
  return out;
}

std::optional<std::string_view> body_hash_in(std::string_view target) {
  const auto query = target.find('?');
  std::optional<std::string_view> found;
  if (query != std::string_view::npos)
    for_each_field(target.substr(query + 1), [&](auto name, auto value) {
      if (name == "bodySHA256")
        found = value;
    });
  return found;
}

std::string with_other_port(std::string_view url) {
  const bool secure = url.starts_with("https:");
  const std::string usual = secure ? ":443" : ":80";
  const auto host = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?", host), url.size());
  const auto authority = url.substr(host, end - host);
  // The colons of an IPv6 address are within brackets.
  const auto colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos &&
                        authority.find(']', colon) == std::string_view::npos;
  const auto plain = has_port ? authority.substr(0, colon) : authority;
  std::string out{url.substr(0, host)};
  out.append(plain);
  if (!has_port)
    out.append(usual);
  return out.append(url.substr(end));
}

} // namespace mfo::signatures
