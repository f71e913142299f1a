#include "http/admin/needless.hpp"

#include "http/admin/problem.hpp"

namespace mfo::http {

std::optional<answer> refuse_needless(const admin_request& request,
                                      admin_path what) {
  if (!request.query.empty() && !takes_query(what))
    return problem(400, "This takes no query.");
  return std::nullopt;
}

} // namespace mfo::http
