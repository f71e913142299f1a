#include "tests/cluster/calling/call_samples.hpp"

#include "tests/cluster/messages/events.hpp"

#include <utility>

namespace mfo::cluster::test {

std::shared_ptr<actors::api_request>
a_request(const std::string& name,
          std::chrono::steady_clock::time_point deadline) {
  auto request = std::make_shared<actors::api_request>();
  request->call.target = "/api/" + name;
  request->id = "call-" + name;
  request->deadline = deadline;
  return request;
}

core::event_ptr an_event(const std::string& name,
                         std::chrono::steady_clock::time_point deadline) {
  const auto event = sample_event(deadline - std::chrono::seconds{8});
  event->id = "event-" + name;
  event->deadline = deadline;
  return event;
}

actors::api_result_ptr good_result(std::string body) {
  auto result = std::make_shared<actors::api_result>();
  result->outcome.attempts = 1;
  result->outcome.upstream_status = 200;
  result->reply.emplace();
  result->reply->status = 200;
  result->reply->headers = {{"Content-Type", "text/plain"}};
  result->reply->body = std::move(body);
  return result;
}

actors::api_result_ptr bad_result(core::errc why) {
  auto result = std::make_shared<actors::api_result>();
  result->outcome = core::refused(why);
  return result;
}

} // namespace mfo::cluster::test
