#include "signatures/twilio_content.hpp"

#include "core/form.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace mfo::signatures {

std::string sorted_form(std::string_view body) {
  std::map<std::string, std::set<std::string>> fields;
  core::for_each_form_field(body, [&](auto name, auto value) {
    fields[core::decode_form_text(name)].insert(core::decode_form_text(value));
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
    core::for_each_form_field(target.substr(query + 1),
                              [&](auto name, auto value) {
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
