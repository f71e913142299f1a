#include "node/doctor/rules/answered.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

namespace {

constexpr int unauthorized = 401;
constexpr int forbidden = 403;
constexpr int too_many = 429;
constexpr int first_of_servers_faults = 500;

} // namespace

finding judge_answer(const answer_seen& seen) {
  const auto auth = seen.subject + ".auth";
  if (seen.status == 0)
    return failed(seen.subject,
                  fmt::format("no answer to {}: {}", seen.asked, seen.detail),
                  fmt::format("see that the server answers; if it is the login "
                              "that fails, correct `{}`",
                              auth));
  const auto answered =
      fmt::format("answered {} to {}", seen.status, seen.asked);
  if (seen.status == unauthorized || seen.status == forbidden)
    return failed(seen.subject,
                  seen.has_credentials
                      ? fmt::format("it refuses the credentials: {}", answered)
                      : fmt::format("it asks for credentials: {}", answered),
                  seen.has_credentials
                      ? fmt::format("have the token or password of `{}` made "
                                    "anew, or its user given the rights",
                                    auth)
                      : fmt::format("give `{}` a type and a token", auth));
  if (seen.status >= first_of_servers_faults)
    return failed(seen.subject, answered,
                  "see the server's log; the node would try again, and then "
                  "give up");
  if (seen.status == too_many)
    return warning(seen.subject, answered + ": it has too much to do",
                   fmt::format("lower `{}.max_in_flight`", seen.subject));
  return good(seen.subject, seen.has_credentials
                                ? "it takes the credentials: " + answered
                                : answered);
}

} // namespace mfo::node::doctor
