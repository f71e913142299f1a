#include "http/admin/needless.hpp"

#include "http/admin/problem.hpp"

namespace mfo::http {

std::optional<answer> refuse_needless(const admin_request& request,
                                      admin_path what) {
  if (!request.query.empty() && !takes_query(what))
    return problem(400, "This takes no query.");
  // What comes with a GET means nothing (RFC 9110, section 9.3.1).
  if (!request.reads() && !request.body.empty() && !takes_body(what))
    return problem(400, "This takes no body.");
  return std::nullopt;
}

} // namespace mfo::http
