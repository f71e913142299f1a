#include "cluster/calling/call_desk.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

/// How long a result may take that is on its way when the call's time is up.
/// With the owner's sweep it is less than a second.
constexpr std::chrono::milliseconds result_grace{800};

/// Calls that are cancelled before that is said at once.
constexpr std::size_t many_cancelled = 1024;

std::string outbox_id(std::uint64_t number) {
  return std::to_string(number);
}

/// As a client does with a stream: the pieces of a good reply's body, here one,
/// are not in the reply.
actors::api_result_ptr streamed(const actors::api_request& request,
                                const actors::api_result_ptr& result) {
  const auto& reply = result->reply;
  if (!request.on_data || !reply || reply->status / 100 != 2)
    return result;
  if (!reply->body.empty())
    request.on_data(reply->body);
  auto rest = std::make_shared<actors::api_result>();
  rest->outcome = result->outcome;
  rest->reply.emplace();
  rest->reply->status = reply->status;
  rest->reply->headers = reply->headers;
  return rest;
}

} // namespace

call_desk::call_desk(const calling_settings& settings, call_host& host,
                     random_below random)
  : settings_(settings), host_(host), random_(std::move(random)),
    sent_(settings.away), book_(settings.running) {}

/// Of itself it tells the rules no role: what is asked of it is not for it.
void call_desk::set_view(std::shared_ptr<const view> members) {
  self_.name = members->oneself().card->name;
  peers_.clear();
  reports_.clear();
  for (const auto& member : members->members())
    if (member.card->name != self_.name &&
        (member.state == member_state::alive ||
         member.state == member_state::suspect)) {
      peers_.push_back(candidate_of(member));
      reports_.push_back(member.load);
    }
  loads_.set_view(*members);
}

void call_desk::call(const std::string& server, actors::api_request_ptr request,
                     std::uint64_t number, clock::time_point now) {
  begin({.server = server, .what = std::move(request)}, number, now);
}

void call_desk::forward(const std::string& server, core::event_ptr event,
                        std::uint64_t number, clock::time_point now) {
  begin({.server = server, .what = std::move(event)}, number, now);
}

void call_desk::begin(remote_call call, std::uint64_t number,
                      clock::time_point now) {
  const auto it = std::make_shared<const own_call>(
      own_call{.number = number,
               .call = std::make_shared<const remote_call>(std::move(call))});
  if (const auto obstacle = obstacle_to(*it->call))
    return refuse(*it, core::errc::payload_too_large, "the call " + *obstacle);
  place(it, 0, {}, now);
}

bool call_desk::hand(line& to, const own_call_ptr& it, unsigned moves,
                     clock::time_point now) {
  const auto bytes = packed_size(*it->call);
  const auto number =
      sent_.hand({.id = outbox_id(it->number), .content = it, .bytes = bytes},
                 to.life.name, to.link, moves,
                 {.received = now + settings_.received_within,
                  .concluded = it->call->deadline() + result_grace});
  if (!number)
    return false;
  static_cast<void>(to.may_send.send(bytes)); // it was asked before
  loads_.sent(to.life.name);
  using verdict = batcher<sent_call>::verdict;
  // Never refused: a batch that is full goes at once.
  if (to.batch.add({.number = *number, .key = it->number, .call = it->call},
                   bytes) == verdict::full)
    flush(to.life.name, now);
  else
    note_news(to);
  return true;
}

void call_desk::place_again(const outbox::returned& back, unsigned moves,
                            clock::time_point now) {
  ++totals_.came_back;
  loads_.left(back.peer);
  const auto it = std::static_pointer_cast<const own_call>(back.event.content);
  const bool did_nothing = back.cause == return_cause::handed_back;
  if (now < it->call->deadline()) {
    if (!did_nothing && !it->call->repeatable())
      return refuse(*it, core::errc::upstream_failed,
                    "nobody knows whether " + back.peer + " made the call: " +
                        std::string(to_string(back.cause)));
    if (moves > settings_.away.max_moves)
      return refuse(*it, core::errc::no_eligible_node,
                    "it came back too often, at last from " + back.peer);
  }
  place(it, moves, back.peer, now);
}

void call_desk::cancel(std::uint64_t number, clock::time_point now) {
  if (const auto it = take_waiting(number))
    return refuse(*it, core::errc::taskflow_cancelled, "nobody waits for it");
  for (auto& [name, to] : lines_) {
    const auto back = sent_.hand_back(name, outbox_id(number));
    if (!back)
      continue;
    loads_.left(name);
    to.cancelled.push_back(number);
    if (to.cancelled.size() >= many_cancelled)
      flush(name, now);
    else
      note_news(to);
    return refuse(
        *std::static_pointer_cast<const own_call>(back->event.content),
        core::errc::taskflow_cancelled, "nobody waits for it");
  }
}

void call_desk::take_results(line& from,
                             const std::vector<told_result>& results,
                             clock::time_point now) {
  if (results.empty())
    return;
  for (const auto& each : results) {
    from.heard = std::max(from.heard, each.number);
    // It stopped before the call was done with: another one may go on.
    if (each.result->outcome.error == core::errc::draining) {
      if (auto back = sent_.hand_back(from.life.name, outbox_id(each.key))) {
        back->cause = return_cause::peer_lost;
        place_again(*back, back->moves, now);
      }
      continue;
    }
    if (const auto kept = sent_.conclude(outbox_id(each.key))) {
      loads_.left(from.life.name);
      give(*std::static_pointer_cast<const own_call>(kept->content),
           each.result);
    } else if (const auto it = take_waiting(each.key)) {
      // The peer had been given up, and forgets the call when it hears that its
      // result is here.
      give(*it, each.result);
    }
  }
  note_news(from);
}

void call_desk::take_back(line& from, const handed_back_call& what,
                          clock::time_point now) {
  const auto back = sent_.hand_back(from.life.name, outbox_id(what.key));
  if (!back)
    return;
  auto moves = back->moves;
  if (what.why == call_refusal::unknown_server) {
    // Of the peers each is asked once for a while: that is bound enough.
    --moves;
    const auto& it =
        *std::static_pointer_cast<const own_call>(back->event.content);
    from.unknown.insert_or_assign(it.call->server, now + settings_.unknown_for);
  }
  place_again(*back, moves, now);
}

void call_desk::give(const own_call& it, const actors::api_result_ptr& result) {
  const auto* const request =
      std::get_if<actors::api_request_ptr>(&it.call->what);
  if (request != nullptr)
    host_.called(it.number, streamed(**request, result));
  else
    host_.forwarded(it.number, result->outcome);
}

void call_desk::refuse(const own_call& it, core::errc why, std::string detail) {
  auto result = std::make_shared<actors::api_result>();
  result->outcome = core::refused(why, std::move(detail));
  give(it, result);
}

void call_desk::sweep(clock::time_point now) {
  for (const auto& back : sent_.sweep(now))
    place_again(back, back.moves, now);
  place_waiting(now);
  book_.sweep(now);
  for (auto& [name, each] : lines_)
    if (each.has_news)
      flush(name, now);
}

} // namespace mfo::cluster
