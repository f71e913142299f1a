#include "api/auth_basic.hpp"

#include "api/fixed_secret.hpp"

#include "core/text_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mfo::api {

namespace {

std::string control_fault(std::string_view text) {
  const bool bad = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  return bad ? "has a control character" : "";
}

} // namespace

std::string basic_credentials(std::string_view name,
                              std::string_view password) {
  const auto pair = fmt::format("{}:{}", name, password);
  return "Basic " +
         core::encode_base64(
             {reinterpret_cast<const std::uint8_t*>(pair.data()), pair.size()});
}

tl::expected<std::unique_ptr<auth_provider>, std::string>
make_basic_auth(const config::auth_settings& settings, secret_reader reader) {
  const auto& name = settings.username;
  if (name.empty())
    return tl::unexpected<std::string>("the user name is missing");
  if (name.find(':') != std::string::npos)
    return tl::unexpected<std::string>("the user name has a colon");
  if (auto fault = control_fault(name); !fault.empty())
    return tl::unexpected("the user name " + fault);
  return make_fixed_secret(settings.password, std::move(reader), "the password",
                           control_fault, [name](const std::string& password) {
                             return std::pair{
                                 std::string{"Authorization"},
                                 basic_credentials(name, password)};
                           });
}

} // namespace mfo::api
