#include "taskflow/run/job_status.hpp"

#include "taskflow/json_text.hpp"

namespace mfo::taskflow {

namespace {

/// A text, or an object with a `message`; anything else as JSON.
std::string message_of(const json& reply) {
  const auto error = reply.find("error");
  if (error == reply.end() || error->is_null())
    return {};
  if (error->is_object() && error->contains("message"))
    return as_text((*error)["message"]);
  return as_text(*error);
}

} // namespace

job_status read_job_status(const json& reply) {
  using state = job_status::state;
  if (!reply.is_object() || !reply.contains("state"))
    return {.is = state::failed, .message = "the status has no \"state\""};
  const auto& word = reply["state"];
  if (word == "running")
    return {.is = state::running, .message = {}};
  if (word == "succeeded")
    return {.is = state::succeeded,
            .result = reply.value("result", json{}),
            .message = {}};
  if (word == "cancelled")
    return {.is = state::cancelled, .message = message_of(reply)};
  if (word == "failed")
    return {.is = state::failed, .message = message_of(reply)};
  return {.is = state::failed,
          .message = "the state " + as_text(word) + " is not known"};
}

} // namespace mfo::taskflow
