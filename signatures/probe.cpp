#include "signatures/probe.hpp"

#include "core/text_encoding.hpp"
#include "signatures/keyed_hash.hpp"
#include "signatures/schemes.hpp"
#include "signatures/standard_keys.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace mfo::signatures {

namespace {

using nlohmann::json;

constexpr std::string_view version = "1";
constexpr std::size_t max_nonce = 32;
/// What is hashed begins with what it is for, and ends each part with a line
/// break, which none of them has.
constexpr std::string_view key_purpose = "mfo-node probe key 1\n";
constexpr std::string_view question = "mfo-node probe 1\n";
constexpr std::string_view reply = "mfo-node probe answer 1\n";
constexpr std::string_view line_break = "\n";

std::string_view text_of(const mac_value& mac) {
  const auto bytes = mac.view();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Of the secrets that are secret.
keyed_hash keys_for_probes(const settings& from) {
  keyed_hash keys{config::digest::sha256};
  for (const auto& each : from.secrets) {
    if (each.empty() || parse_public_key(each.reveal()))
      continue;
    keyed_hash own{config::digest::sha256};
    own.add_key(each.reveal());
    keys.add_key(text_of(own.first({key_purpose})));
  }
  return keys;
}

bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= max_nonce &&
         core::decode_hex(text).has_value();
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string{};
}

} // namespace

bool can_probe(const settings& from) {
  return from.scheme != config::signature_scheme::none &&
         keys_for_probes(from).key_count() > 0;
}

std::string make_probe(const settings& from, std::string_view endpoint,
                       std::chrono::seconds unix_now, std::string_view nonce) {
  const auto time = std::to_string(unix_now.count());
  const auto tag = keys_for_probes(from).first(
      {question, endpoint, line_break, time, line_break, nonce});
  return fmt::format("{} {} {} {}", version, time, nonce,
                     core::encode_hex(tag.view()));
}

std::optional<std::string> read_probe(const settings& from,
                                      std::string_view endpoint,
                                      std::string_view field,
                                      std::chrono::seconds unix_now) {
  constexpr std::size_t parts = 4;
  const auto words = words_of(field);
  if (words.size() != parts || words[0] != version || !is_nonce(words[2]))
    return std::nullopt;
  const auto& time = words[1];
  const auto& nonce = words[2];
  const auto tag = core::decode_hex(words[3]);
  if (!tag || !check_time(time, unix_now, probe_life))
    return std::nullopt;
  if (!keys_for_probes(from).matches(
          *tag, {question, endpoint, line_break, time, line_break, nonce}))
    return std::nullopt;
  return std::string{nonce};
}

std::string answer_probe(const settings& from, std::string_view endpoint,
                         std::string_view nonce, const probe_identity& who) {
  const auto proof = keys_for_probes(from).first({reply, endpoint, line_break,
                                                  nonce, line_break, who.node,
                                                  line_break, who.instance});
  return json{{"probe", nonce},
              {"node", who.node},
              {"instance", who.instance},
              {"proof", core::encode_hex(proof.view())}}
      .dump();
}

std::optional<probe_identity> read_probe_answer(const settings& from,
                                                std::string_view endpoint,
                                                std::string_view nonce,
                                                std::string_view body) {
  const auto said = json::parse(body, nullptr, false);
  if (!said.is_object())
    return std::nullopt;
  probe_identity who{member(said, "node"), member(said, "instance")};
  const auto proof = core::decode_hex(member(said, "proof"));
  if (!proof || member(said, "probe") != nonce ||
      !keys_for_probes(from).matches(*proof, {reply, endpoint, line_break,
                                              nonce, line_break, who.node,
                                              line_break, who.instance}))
    return std::nullopt;
  return who;
}

} // namespace mfo::signatures
