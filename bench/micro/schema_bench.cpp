// What a JSON Schema adds to every payload: a schema of ten properties, a
// payload of about 1 KiB, and how much of it is reading the payload.

#include "schema/json_schema.hpp"

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mfo;

constexpr std::string_view order_schema = R"json({
  "type": "object",
  "required": ["id", "type", "created", "customer", "items"],
  "properties": {
    "id": {"type": "string", "format": "uuid"},
    "type": {"enum": ["order.created", "order.paid", "order.closed"]},
    "created": {"type": "string", "format": "date-time"},
    "attempt": {"type": "integer", "minimum": 1, "maximum": 100},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "total": {"type": "number", "minimum": 0, "multipleOf": 0.01},
    "test": {"type": "boolean"},
    "note": {"type": ["string", "null"], "maxLength": 500},
    "customer": {
      "type": "object",
      "required": ["email"],
      "properties": {"email": {"type": "string", "format": "email"},
                     "url": {"type": "string", "format": "uri"}},
      "additionalProperties": false
    },
    "items": {
      "type": "array", "minItems": 1, "maxItems": 100,
      "items": {
        "type": "object", "required": ["sku", "count"],
        "properties": {"sku": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                       "count": {"type": "integer", "minimum": 1},
                       "price": {"type": "number"}}
      }
    }
  }
})json";

std::string order() {
  std::string text =
      R"({"id":"2eb8aa08-aa98-11ea-b4aa-73b441d16380","type":"order.paid",)"
      R"("created":"2026-11-24T07:53:48.001Z","attempt":2,"currency":"EUR",)"
      R"("total":128.45,"test":false,"note":null,"customer":)"
      R"({"email":"ann@example.com","url":"https://example.com/ann?x=1"},)"
      R"("items":[)";
  while (text.size() < 1000)
    text += R"({"sku":"blue-widget-17","count":3,"price":12.5},)";
  text.back() = ']';
  return text += '}';
}

void set_bytes(benchmark::State& state, std::size_t each) {
  state.SetBytesProcessed(static_cast<std::int64_t>(each) *
                          static_cast<std::int64_t>(state.iterations()));
}

void check_schema(benchmark::State& state) {
  const auto schema = schema::json_schema::compile(order_schema);
  const auto payload = order();
  for (auto _ : state) {
    if (!schema || !schema->check(payload).empty()) {
      state.SkipWithError("the payload is refused");
      break;
    }
  }
  set_bytes(state, payload.size());
}
BENCHMARK(check_schema);

void read_payload(benchmark::State& state) {
  const auto payload = order();
  for (auto _ : state)
    benchmark::DoNotOptimize(nlohmann::json::parse(payload));
  set_bytes(state, payload.size());
}
BENCHMARK(read_payload);

} // namespace
