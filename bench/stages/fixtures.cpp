#include "bench/stages/fixtures.hpp"

#include "api/operation.hpp"
#include "config/diagnostic.hpp"
#include "signatures/signer.hpp"
#include "taskflow/load/load.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace mfo::bench {

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

std::shared_ptr<const config::endpoint_settings> an_endpoint() {
  auto made = std::make_shared<config::endpoint_settings>();
  made->id = "hook";
  made->path = "/hook";
  made->event_type = "hook.called";
  made->signature.secrets.emplace_back("bench-secret");
  made->server = "default";
  made->lifetime = std::chrono::hours{1};
  made->delivery_id_header = "X-Delivery";
  return made;
}

core::header_fields signature_of(const config::endpoint_settings& endpoint,
                                 std::string_view payload) {
  core::header_fields fields;
  for (const auto& [name, value] : signatures::sign(
           endpoint.signature, {.body = payload, .unix_now = signing_time}))
    fields.add(name, value);
  return fields;
}

core::event_ptr
event_of(std::shared_ptr<const config::endpoint_settings> endpoint,
         std::string_view payload, std::shared_ptr<core::stage_depths> depths,
         std::chrono::steady_clock::time_point received) {
  auto fields = signature_of(*endpoint, payload);
  return core::make_event(
      {.payload = payload,
       .fields = std::move(fields),
       .delivery_id = "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
      std::move(endpoint),
      {.node_name = "node",
       .depths = std::move(depths),
       .random =
           [] {
             return std::uint64_t{42};
           }},
      {signing_time, received});
}

telemetry::observer an_observer() {
  return {std::make_shared<telemetry::metrics>(
              std::vector<std::string>{"hook"},
              telemetry::upstream_names{
                  {"default"},
                  {api::operation_names.begin(), api::operation_names.end()}}),
          std::make_shared<telemetry::log>(
              config::log_settings{.level = config::log_level::warn},
              [](std::string_view) {})};
}

taskflow::workflow_ptr workflow_of(const std::string& yaml) {
  auto loaded = taskflow::load_text(
      yaml, "w.yaml", [](std::string_view) { return std::nullopt; });
  if (!loaded)
    throw std::runtime_error{config::to_string(loaded.error())};
  return *std::move(loaded);
}

} // namespace mfo::bench
