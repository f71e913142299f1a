// What is done to every payload: its signature, and whether it is JSON.

#include "config/settings.hpp"
#include "core/json_check.hpp"
#include "signatures/signer.hpp"
#include "signatures/verifier.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mfo;

/// An array of small objects, about as large as asked for.
std::string payload_of(std::size_t bytes) {
  constexpr std::string_view one =
      R"({"id":184467,"from":"ann@example.com","subject":"Gr\u00fc\u00dfe",)"
      R"("tags":["a","b"],"size":12.5,"read":false,"thread":null})";
  std::string text{"["};
  do
    text.append(text.size() > 1 ? "," : "").append(one);
  while (text.size() + one.size() < bytes);
  return text += ']';
}

void set_bytes(benchmark::State& state, std::size_t each) {
  state.SetBytesProcessed(static_cast<std::int64_t>(each) *
                          static_cast<std::int64_t>(state.iterations()));
}

void verify_hmac(benchmark::State& state) {
  config::signature_settings settings;
  settings.secrets = {config::secret{"bench-secret"}};
  const auto verifier = signatures::make_verifier(settings);
  const auto body = payload_of(static_cast<std::size_t>(state.range(0)));
  core::header_fields fields;
  for (const auto& [name, value] : signatures::sign(settings, {.body = body}))
    fields.add(name, value);
  for (auto _ : state) {
    if (!verifier->verify({fields, "", body}, std::chrono::seconds{0})) {
      state.SkipWithError("the signature is refused");
      break;
    }
  }
  set_bytes(state, body.size());
}
BENCHMARK(verify_hmac)->Arg(1024)->Arg(8192);

void check_json(benchmark::State& state) {
  core::json_checker checker;
  const auto body = payload_of(static_cast<std::size_t>(state.range(0)));
  const auto padded = body + std::string(core::json_padding, ' ');
  const auto text = std::string_view{padded}.substr(0, body.size());
  for (auto _ : state) {
    if (!checker.check(text)) {
      state.SkipWithError("the text is refused");
      break;
    }
  }
  set_bytes(state, body.size());
}
BENCHMARK(check_json)->Arg(1024)->Arg(8192);

} // namespace
