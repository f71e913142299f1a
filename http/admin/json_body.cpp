#include "http/admin/json_body.hpp"

#include "config/text.hpp"
#include "core/json_grammar.hpp"
#include "http/admin/problem.hpp"
#include "payload/media_type.hpp"

namespace mfo::http {

namespace {

/// How deep what is sent may be nested.
constexpr std::size_t max_depth = 128;

} // namespace

std::optional<answer> refuse_body(const admin_request& request) {
  if (request.body.empty())
    return std::nullopt;
  if (request.body.size() > max_json_body)
    return problem(413, "The body is larger than 1 MiB.");
  if (!payload::is_json(request.content_type))
    return problem(415, "Send Content-Type: application/json.");
  if (config::first_invalid_utf8(request.body) ||
      !core::is_json_text(request.body, max_depth))
    return problem(400, "The body is not one JSON text in UTF-8, nested at "
                        "most 128 deep.");
  if (core::repeats_a_name(request.body))
    return problem(400, "An object of the body has two members of one name.");
  return std::nullopt;
}

} // namespace mfo::http
