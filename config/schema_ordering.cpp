#include "config/address.hpp"
#include "config/schema.hpp"
#include "config/schema_common.hpp"

namespace mfo::config {

namespace {

constexpr std::size_t most_waiting = 100'000;

} // namespace

section<ordering_settings> ordering_table() {
  using s = ordering_settings;
  return make_section<s>(
      {value<s>({.key = "header",
                 .help = "The key is in this header.",
                 .example = "X-Account",
                 .default_text = "either this or `field`"},
                &s::header,
                text("header", "letters, digits and -", parse_header_name))
           .only_if([](const s& values) { return !values.header.empty(); }),
       value<s>({.key = "field",
                 .help = "The key is in the payload, at this JSON Pointer: a "
                         "string, a number, true or false.",
                 .example = "/order/id",
                 .default_text = "either this or `header`"},
                &s::field,
                text("JSON Pointer", "starts with /", parse_json_pointer))
           .only_if([](const s& values) { return !values.field.empty(); }),
       value<s>({.key = "max_waiting",
                 .help = "How many events of one key wait at a node for those "
                         "before them. One more is answered 503.",
                 .example = "100"},
                &s::max_waiting, integer<std::size_t>(1, most_waiting))},
      [](s&, const section_view& view, reader& in) {
        if (view.given("header") == view.given("field"))
          in.report(view.self(), "must have header or field, and not both",
                    "a header of the request, or a JSON Pointer into its "
                    "payload such as /order/id");
      });
}

} // namespace mfo::config
