#include "config/address.hpp"
#include "config/delivery_id_fields.hpp"
#include "config/payload_schema_field.hpp"
#include "config/schema.hpp"
#include "config/schema_payload.hpp"

#include <utility>

using namespace std::chrono_literals;

namespace mfo::config {

namespace {

namespace endpoint_key {
constexpr auto copies = "copies";
constexpr auto delivery_id_header = "delivery_id_header";
constexpr auto too_few_copies = "too_few_copies";
} // namespace endpoint_key

/// More than one is for those who fear that two nodes end within seconds.
constexpr std::size_t most_copies = 5;

codec<milliseconds> silence() {
  constexpr std::string_view off{"off"};
  constexpr std::string_view learned{"learned"};
  auto form = duration(1s, 720h);
  form.range = "`off`, `learned`, or " + form.range;
  form.parse =
      [parse = std::move(form.parse), off, learned](
          std::string_view text) -> tl::expected<milliseconds, std::string> {
    if (text == off)
      return never_silent;
    if (text == learned)
      return milliseconds::zero();
    auto value = parse(text);
    if (!value)
      value.error() += ", or `off` or `learned`";
    return value;
  };
  form.show = [show = std::move(form.show), off, learned](milliseconds value) {
    return value == never_silent   ? std::string{off}
           : value == value.zero() ? std::string{learned}
                                   : show(value);
  };
  return form;
}

bool is_replicated(const endpoint_settings& endpoint) {
  return endpoint.ack == ack_mode::replicated;
}

void finish_endpoint(endpoint_settings& endpoint, const section_view& view,
                     reader& in) {
  for (const auto* key : {endpoint_key::copies, endpoint_key::too_few_copies})
    if (const auto given = view.find(key); given && !is_replicated(endpoint))
      in.report(given->key_where, given->path,
                "means nothing without ack: replicated");
  if (!view.given(endpoint_key::delivery_id_header))
    if (auto usual = delivery_id_fields(endpoint.signature); !usual.empty())
      endpoint.delivery_id_header = std::move(usual.front());
}

} // namespace

section<endpoint_settings> endpoint_table() {
  using s = endpoint_settings;
  std::vector<field<s>> fields{
      value<s>({.key = "id",
                .help = "A unique name; it labels metrics and logs.",
                .example = "github",
                .required = true},
               &s::id,
               text("id", "1 to 64 of a-z, 0-9, _, -; not `none`",
                    parse_endpoint_id)),
      value<s>({.key = "path",
                .help = "The path to which the sender posts, unique, "
                        "compared as it stands.",
                .example = "/hooks/github",
                .required = true},
               &s::path,
               text("URL path", "starts with /; no ?, #, space or //",
                    parse_request_path)),
      nested<s>({.key = "signature",
                 .help = "How an event is proved to be genuine.",
                 .example = "{scheme: github, secret: \"${GH_SECRET}\"}",
                 .required = true},
                &s::signature, signature_table()),
      event_type_field(),
      formats_field(),
      nested<s>({.key = "cloudevents",
                 .help = "How senders of CloudEvents are let in."},
                &s::handshake, handshake_table()),
      value<s>({.key = "ack",
                .help = "What a 2xx answer promises to the sender. "
                        "`completed`: the server took the event; what is "
                        "not answered is lost with the node, and the "
                        "sender sends it again. `received`: the event is "
                        "in this node's memory and ends at the server or "
                        "as a dead letter, unless the node is killed. "
                        "`replicated`: other nodes of the cluster hold it, "
                        "too, and one of them takes it over when this one "
                        "is gone.",
                .example = "received"},
               &s::ack,
               one_of<ack_mode>({{"completed", ack_mode::completed},
                                 {"received", ack_mode::received},
                                 {"replicated", ack_mode::replicated}})),
      value<s>({.key = endpoint_key::copies,
                .help = "With `ack: replicated`, how many other nodes hold "
                        "an event before its sender hears that it is taken.",
                .example = "2"},
               &s::copies, integer<std::size_t>(1, most_copies))
          .only_if(is_replicated),
      value<s>({.key = endpoint_key::too_few_copies,
                .help = "With `ack: replicated`, what becomes of an event "
                        "that fewer nodes can hold. `refuse`: the answer is "
                        "503. `complete`: it is run, and the sender hears "
                        "how it ended.",
                .example = "complete"},
               &s::too_few_copies,
               one_of<shortfall>({{"refuse", shortfall::refuse},
                                  {"complete", shortfall::complete}}))
          .only_if(is_replicated),
      value<s>({.key = "server",
                .help = "The name of the server that gets the events.",
                .example = "billing",
                .default_text = "`default`, or the only server there is"},
               &s::server, text("name", "of an entry of `servers`", parse_id)),
      value<s>({.key = "timeout",
                .help = "From admission of an event to the answer, all "
                        "tries included. With `ack: received` the answer "
                        "comes at once, with `replicated` once the copies "
                        "are held, and the tries end by the retry policy.",
                .example = "15s"},
               &s::timeout, duration(1ms, 1h)),
      value<s>({.key = endpoint_key::delivery_id_header,
                .help = "The header with the sender's own id of the "
                        "delivery; a delivery that repeats it keeps its "
                        "event id. Empty: every request is a new event.",
                .example = "X-Delivery-Id",
                .default_text = "what the scheme's sender uses, see "
                                "[signatures](signatures.md); else empty"},
               &s::delivery_id_header,
               text("header", "letters, digits and -, or empty",
                    parse_optional_header_name)),
      nested<s>({.key = "ordering_key",
                 .help =
                     "What tells which events must run one after the other, "
                     "in the order in which they came in: those with the "
                     "same key; see [delivery](delivery.md#order). An event "
                     "without one waits for no other.",
                 .default_text = "none: events run in any order"},
                &s::ordering_key, ordering_table())
          .only_if(
              [](const s& endpoint) { return !endpoint.ordering_key.empty(); }),
      payload_schema<s>(
          {.key = "expected_payload_schema",
           .help = "A [JSON Schema of draft 7](json-schema.md) that every "
                   "payload must keep; one that does not is refused with "
                   "422. It stands here as a map, in which `${…}` is not "
                   "filled in, or in a file, JSON or YAML.",
           .example = "schemas/push.json",
           .default_text = "none"},
          &s::payload_schema),
      nested<s>({.key = "placement",
                 .help = "Which nodes of the [cluster](#nodes-of-a-cluster) "
                         "may run the events.",
                 .default_text = "all of them"},
                &s::placement, placement_table())
          .only_if(
              [](const s& endpoint) { return !endpoint.placement.empty(); }),
  };
  fields.push_back(
      value<s>({.key = "silent_after",
                .help = "How long no genuine event comes before that is told: "
                        "a line of the log, a metric, "
                        "[health](health.md#sources). Learned: three times "
                        "the longest gap between two events, of which the "
                        "weight halves with each day; at least a minute, and "
                        "after 20 gaps.",
                .example = "1h"},
               &s::silent_after, silence()));
  for (auto& each : access_fields())
    fields.push_back(std::move(each));
  return make_section<s>(std::move(fields), finish_endpoint);
}

} // namespace mfo::config
