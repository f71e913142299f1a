#pragma once

#include "signatures/signer.hpp"
#include "signatures/verifier.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the tests of the verifiers share: a request that a test can spoil.
namespace mfo::signatures::test {

using config::signature_scheme;

inline constexpr std::chrono::seconds signing_time{1'614'265'330};

inline config::signature_settings
settings_of(signature_scheme scheme, const std::vector<std::string>& secrets) {
  config::signature_settings settings;
  settings.scheme = scheme;
  for (const auto& each : secrets)
    settings.secrets.emplace_back(each);
  return settings;
}

inline std::string flip_bit(std::string_view text, std::size_t bit) {
  std::string other{text};
  other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
  return other;
}

/// A request as its sender made it.
struct request {
  field_list fields{};
  std::string body{};
  std::string target{};
  std::chrono::seconds now = signing_time;

  /// The first field of this name, to be changed.
  std::string& field(std::string_view name) {
    return std::find_if(fields.begin(), fields.end(),
                        [&](const auto& each) { return each.first == name; })
        ->second;
  }

  [[nodiscard]] verdict
  verify_with(const config::signature_settings& settings) const {
    core::header_fields head;
    for (const auto& [name, value] : fields)
      head.add(name, value);
    return make_verifier(settings)->verify({head, target, body}, now);
  }

  /// What is wrong with it; nothing: it is genuine.
  [[nodiscard]] std::optional<flaw>
  flaw_with(const config::signature_settings& settings) const {
    const auto result = verify_with(settings);
    return result ? std::nullopt : std::optional{result.error().what};
  }
};

inline request sign_request(const config::signature_settings& settings,
                            std::string body) {
  request made;
  made.fields = sign(settings, {.body = body,
                                .id = "msg_1",
                                .url = settings.public_url,
                                .unix_now = signing_time});
  made.body = std::move(body);
  made.target = "/hook";
  return made;
}

} // namespace mfo::signatures::test
