// What a verifier of each scheme costs beside OpenSSL's HMAC of the same bytes,
// in one run: docs/benchmarks.md holds the difference to 2 us at 1 KiB.

#include "signatures/keyed_hash.hpp"
#include "signatures/signer.hpp"
#include "signatures/verifier.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>

namespace {

using namespace mfo;
using config::signature_scheme;

constexpr std::chrono::seconds signing_time{1'700'000'000};
const std::string body(1024, 'x');

void bare_hmac(benchmark::State& state, config::digest algorithm) {
  signatures::keyed_hash keys{algorithm};
  keys.add_key("bench-secret");
  for (auto _ : state)
    benchmark::DoNotOptimize(keys.first({body}));
}
BENCHMARK_CAPTURE(bare_hmac, sha256, config::digest::sha256);
BENCHMARK_CAPTURE(bare_hmac, sha1, config::digest::sha1);

void verify(benchmark::State& state, signature_scheme scheme,
            const std::string& secret) {
  config::signature_settings settings;
  settings.scheme = scheme;
  settings.secrets.emplace_back(secret);
  settings.public_url = "https://example.com/hook";
  const auto verifier = signatures::make_verifier(settings);
  core::header_fields fields;
  for (const auto& [name, value] :
       signatures::sign(settings, {.body = body,
                                  .id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                  .url = settings.public_url,
                                  .unix_now = signing_time}))
    fields.add(name, value);
  for (auto _ : state)
    if (!verifier->verify({fields, "/hook", body}, signing_time)) {
      state.SkipWithError("the signature is refused");
      break;
    }
}

const std::string whsec{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};

BENCHMARK_CAPTURE(verify, hmac, signature_scheme::hmac, "bench-secret");
BENCHMARK_CAPTURE(verify, standard_webhooks,
                  signature_scheme::standard_webhooks, whsec);
BENCHMARK_CAPTURE(verify, github, signature_scheme::github, "bench-secret");
BENCHMARK_CAPTURE(verify, stripe, signature_scheme::stripe, whsec);
BENCHMARK_CAPTURE(verify, slack, signature_scheme::slack, "bench-secret");
BENCHMARK_CAPTURE(verify, shopify, signature_scheme::shopify, "bench-secret");
BENCHMARK_CAPTURE(verify, gitlab_token, signature_scheme::gitlab, "a-token");
BENCHMARK_CAPTURE(verify, gitlab_signed, signature_scheme::gitlab, whsec);
BENCHMARK_CAPTURE(verify, twilio, signature_scheme::twilio, "bench-secret");
BENCHMARK_CAPTURE(verify, token, signature_scheme::token, "a-token");
BENCHMARK_CAPTURE(verify, basic, signature_scheme::basic, "ann:s3cret");

} // namespace
