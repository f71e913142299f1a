#include "http/admin/streams.hpp"

#include "http/admin/problem.hpp"
#include "http/admin/stream_text.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mfo::http {

namespace {

constexpr std::chrono::seconds period{1};
/// Events, and runs, at a time,
constexpr std::size_t most_news = 50;
/// and bytes of runs.
constexpr std::size_t most_run_bytes = 256 * 1024;
/// When a reader that was cut off comes again; and a comment for what is
/// between it and the node, and does not know the events.
constexpr std::string_view first_line{"retry: 2000\n\n"};
constexpr std::string_view comment{": still here\n\n"};
constexpr std::uint64_t comment_every = 15; ///< seconds

answer too_many(std::string_view why) {
  auto value = problem(503, why);
  value.retry_after = std::chrono::seconds{5};
  return value;
}

} // namespace

streams::streams(boost::asio::io_context& io, stream_sources sources)
  : timer_(io), sources_(std::move(sources)) {}

std::optional<answer>
streams::begin(const std::string& address,
               const std::function<std::unique_ptr<stream_output>()>& open) {
  std::erase_if(open_, [](const auto& each) { return each->gone; });
  if (open_.size() >= most)
    return too_many("There are as many streams as there may be.");
  if (std::ranges::count(open_, address, &stream::address) >=
      static_cast<std::ptrdiff_t>(most_of_an_address))
    return too_many("This address has as many streams as it may have.");
  if (open_.empty()) {
    events_mark_ = sources_.events ? sources_.events->mark() : 0;
    runs_mark_ = sources_.runs ? sources_.runs->mark() : 0;
    timer_.expires_after(period);
    wait();
  }
  const auto begun = std::make_shared<stream>();
  begun->address = address;
  begun->to = open();
  open_.push_back(begun);
  send(begun,
       std::string{first_line} + stream_event("overview", sources_.overview()));
  return std::nullopt;
}

void streams::end_all() {
  timer_.cancel();
  for (const auto& each : std::exchange(open_, {}))
    if (!each->gone)
      each->to->end();
}

void streams::wait() {
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error)
      return;
    tell();
    if (open_.empty())
      return;
    // A second is a second, however long the telling took; none is made up for.
    timer_.expires_at(
        std::max(timer_.expiry() + period, std::chrono::steady_clock::now()));
    wait();
  });
}

void streams::tell() {
  std::erase_if(open_, [](const auto& each) { return each->gone; });
  if (open_.empty())
    return;
  const auto text = news();
  for (const auto& each : open_)
    send(each, text);
  std::erase_if(open_, [](const auto& each) { return each->gone; });
}

/// Who does not take it is left behind.
void streams::send(const stream_ptr& to, const std::string& text) {
  if (to->unsent + text.size() > most_unsent) {
    to->gone = true;
    to->to->end();
    sources_.cut_off();
    return;
  }
  to->unsent += text.size();
  to->to->write(text, [weak = std::weak_ptr{to}, size = text.size()](bool ok) {
    const auto one = weak.lock();
    if (!one)
      return;
    one->unsent -= size;
    one->gone = one->gone || !ok;
  });
}

std::string streams::news() {
  auto text = stream_event("overview", sources_.overview());
  if (sources_.events) {
    const auto news = sources_.events->ended_after(events_mark_, most_news);
    events_mark_ = news.mark;
    text += stream_event(news);
  }
  if (sources_.runs) {
    const auto news = sources_.runs->changed_after(runs_mark_, most_news);
    runs_mark_ = news.mark;
    text += stream_event(news, most_run_bytes);
  }
  if (++told_ % comment_every == 0)
    text += comment;
  return text;
}

} // namespace mfo::http
