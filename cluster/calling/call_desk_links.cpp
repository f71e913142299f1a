#include "cluster/calling/call_desk.hpp"

#include <algorithm>
#include <utility>

namespace mfo::cluster {

namespace {

/// Calls and results that are more than this, in bytes, go in two messages: a
/// message has to stay below 4 MiB, and each of them may come to 2 MiB and a
/// batch.
constexpr std::size_t most_together = 3 * std::size_t{1024} * 1024;

/// Calls that are handed back before that is said at once; with those of one
/// message more they are within most_calls_handed_back.
constexpr std::size_t many_back = 1024;

} // namespace

void call_desk::link_opened(const node_life& peer, std::uint64_t link,
                            clock::time_point now) {
  auto known = lines_.find(peer.name);
  if (known != lines_.end()) {
    const auto before = known->second.life;
    link_closed(peer.name, known->second.link, now);
    if (before != peer)
      gone(before);
  }
  auto& opened =
      lines_
          .insert_or_assign(peer.name,
                            line{.life = peer,
                                 .link = link,
                                 .batch = batcher<sent_call>{settings_.batch}})
          .first->second;
  opened.may_send.open(link, call_window);
  book_.link_opened(peer);
  opened.grant = granted_.open(peer.name, link);
  note_news(opened);
}

void call_desk::link_closed(const std::string& peer, std::uint64_t link,
                            clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end() || found->second.link != link)
    return;
  lines_.erase(found);
  granted_.close(peer);
  for (const auto& back : sent_.lost(peer, link))
    place_again(back, back.moves, now);
}

void call_desk::gone(const node_life& peer) {
  book_.gone(peer);
}

void call_desk::note_news(line& of) {
  of.has_news = true;
  if (of.flush_under_way)
    return;
  of.flush_under_way = true;
  host_.flush_soon(of.life.name);
}

std::size_t call_desk::flush(const std::string& peer, clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end())
    return 0;
  auto& to = found->second;
  to.flush_under_way = false;
  auto grant = granted_.of(peer).flush();
  if (!grant)
    grant = to.grant;
  to.grant.reset();
  const auto bytes = to.batch.bytes();
  auto told = book_.take_unsent(to.life, settings_.batch.max_bytes);
  calls_message message{.received = to.received,
                        .heard = to.heard,
                        .grant = grant,
                        .handed_back = std::exchange(to.handed_back, {}),
                        .cancelled = std::exchange(to.cancelled, {}),
                        .calls = to.batch.flush()};
  if (!to.has_news && !message.grant && told.results.empty() &&
      message.calls.empty())
    return 0;
  to.has_news = false;
  const auto things = message.calls.size() + told.results.size();
  if (bytes + told.bytes > most_together) {
    host_.send(peer, pack_calls(message, now));
    message = {.received = to.received, .heard = to.heard};
  }
  message.results = std::move(told.results);
  host_.send(peer, pack_calls(message, now));
  if (book_.has_unsent(to.life))
    note_news(to);
  return things;
}

void call_desk::come(const std::string& peer, std::string_view bytes,
                     clock::time_point now) {
  const auto found = lines_.find(peer);
  if (found == lines_.end())
    return; // its link has just been closed: what it says comes again
  const auto message = unpack_calls(bytes, now);
  if (!message)
    return host_.faulty(peer, "a message of calls " + message.error());
  auto& from = found->second;
  sent_.received(peer, from.link, message->received);
  if (message->grant && !from.may_send.take(*message->grant))
    return host_.faulty(peer, "it grants more than its window");
  take_results(from, message->results, now);
  if (message->grant)
    place_waiting(now);
  // One of the calls may be one whose result the peer has heard of since it put
  // the call into this message: it is known for as long as that.
  take_calls(from, message->calls, now);
  book_.acknowledged(from.life, message->heard);
  for (const auto key : message->cancelled)
    if (const auto call = book_.running({from.life, key}))
      host_.cancel_run({from.life, key}, call->server, std::string(call->id()));
  for (const auto& each : message->handed_back)
    take_back(from, each, now);
  if (book_.has_unsent(from.life))
    note_news(from);
  if (from.handed_back.size() >= many_back)
    flush(peer, now);
}

} // namespace mfo::cluster
