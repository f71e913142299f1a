#include "api/json_body.hpp"

#include "core/json_grammar.hpp"

#include <fmt/format.h>

namespace mfo::api {

namespace {

bool is_shallow(const json& value, std::size_t allowed) {
  if (!value.is_structured())
    return true;
  if (allowed == 0)
    return false;
  for (const auto& part : value)
    if (!is_shallow(part, allowed - 1))
      return false;
  return true;
}

api_error bad_reply(std::string why) {
  return {.code = api_errc::bad_reply, .message = std::move(why)};
}

} // namespace

std::optional<json> parse_json(std::string_view text) {
  // The grammar is looked at first, without recursion and without a tree.
  if (!core::is_json_text(text, max_json_depth))
    return std::nullopt;
  auto value = json::parse(text, nullptr, false);
  if (value.is_discarded()) // not UTF-8, or a number such as 1e400
    return std::nullopt;
  return value;
}

tl::expected<void, api_error> check_status(const http::client_response& reply) {
  if (reply.status < 200 || reply.status > 299)
    return tl::unexpected(error_of_reply(reply));
  return {};
}

tl::expected<json, api_error> read_reply(const http::client_response& reply) {
  if (auto good = check_status(reply); !good)
    return tl::unexpected(std::move(good.error()));
  if (reply.body.empty())
    return json{};
  if (auto value = parse_json(reply.body))
    return *std::move(value);
  return tl::unexpected(bad_reply(fmt::format(
      "the reply is not JSON, or nested deeper than {}", max_json_depth)));
}

call_result with_json(call to, const json& body) {
  if (!is_shallow(body, max_json_depth))
    return tl::unexpected(invalid_request(
        fmt::format("the value is nested deeper than {}", max_json_depth)));
  try {
    to.body = std::make_shared<const std::string>(body.dump());
  } catch (const json::exception&) {
    return tl::unexpected(invalid_request("a text is not UTF-8"));
  }
  to.content_type = "application/json";
  return to;
}

const json* find_member(const json& from, std::string_view name) {
  if (!from.is_object())
    return nullptr;
  const auto found = from.find(name);
  return found == from.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> text_of(const json& value) {
  if (value.is_string())
    return value.get<std::string>();
  if (value.is_number_integer())
    return value.dump();
  return std::nullopt;
}

std::string optional_text(const json& from, std::string_view name) {
  const auto* member = find_member(from, name);
  return member == nullptr ? std::string{} : text_of(*member).value_or("");
}

api_error wrong_type(std::string_view pointer, std::string_view expected) {
  return bad_reply(
      pointer.empty()
          ? fmt::format("the reply is not {}", expected)
          : fmt::format("the reply's {} is not {}", pointer, expected));
}

tl::expected<const json*, api_error> required_value(const json& from,
                                                    std::string_view where,
                                                    std::string_view name) {
  if (!from.is_object())
    return tl::unexpected(wrong_type(where, "an object"));
  const auto found = from.find(name);
  if (found == from.end())
    return tl::unexpected(
        bad_reply(fmt::format("the reply has no {}/{}", where, name)));
  return &*found;
}

tl::expected<const json*, api_error>
required(const json& from, std::string_view where, std::string_view name) {
  const auto member = required_value(from, where, name);
  if (member && (*member)->is_null())
    return tl::unexpected(
        bad_reply(fmt::format("the reply has no {}/{}", where, name)));
  return member;
}

tl::expected<std::string, api_error>
required_text(const json& from, std::string_view where, std::string_view name) {
  const auto member = required(from, where, name);
  if (!member)
    return tl::unexpected(member.error());
  auto text = text_of(**member);
  if (!text)
    return tl::unexpected(
        wrong_type(fmt::format("{}/{}", where, name), "a string"));
  return *std::move(text);
}

tl::expected<const json*, api_error> list_in(const json& reply,
                                             std::string_view name) {
  if (reply.is_array())
    return &reply;
  const auto member = required(reply, "", name);
  if (member && !(*member)->is_array())
    return tl::unexpected(wrong_type(fmt::format("/{}", name), "an array"));
  return member;
}

} // namespace mfo::api
