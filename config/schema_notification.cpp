#include "config/address.hpp"
#include "config/schema.hpp"

using namespace std::chrono_literals;

namespace mfo::config {

section<notification_settings> notification_table() {
  using s = notification_settings;
  return make_section<s>({
      value<s>({.key = "server",
                .help = "The name of the server that is asked.",
                .example = "billing",
                .default_text = "`default`, or the only server there is"},
               &s::server, text("name", "of an entry of `servers`", parse_id)),
      value<s>({.key = "event",
                .help = "The type of the server's events, or, where the "
                        "server knows that, the beginning of some and `*`.",
                .example = "email.processed",
                .required = true},
               &s::event,
               text("dotted name",
                    "words of A-Z, a-z, 0-9, _, -; perhaps * "
                    "at the end",
                    parse_event_pattern)),
      value<s>(
          {.key = "endpoint",
           .help = "The id of the endpoint that takes the callbacks, and "
                   "verifies them by its signature. Its events must not "
                   "lead to a callback again.",
           .example = "from-mfo",
           .required = true},
          &s::endpoint,
          text("id", "of an entry of `endpoints`, or `webhook`", parse_id)),
      value<s>({.key = "callback_url",
                .help = "The URL at which the server reaches that endpoint, "
                        "perhaps through a proxy; it ends in the endpoint's "
                        "path.",
                .example = "https://node.example.com/hooks/mfo",
                .required = true},
               &s::callback_url,
               text("URL", "http or https; no user, query or fragment",
                    parse_callback_url)),
      value<s>({.key = "renew",
                .help = "When to subscribe again, as a server may have "
                        "forgotten. After a failure it is sooner.",
                .example = "10m"},
               &s::renew, duration(1s, 720h)),
  });
}

} // namespace mfo::config
