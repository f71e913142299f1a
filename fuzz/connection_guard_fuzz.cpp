// What a connection's guard lets through, against the parser that RESTinio
// feeds it to: that parser must take every byte, see just the requests that our
// framing sees, with bodies of the same size, and never an upgrade, after which
// it reads no more. What a guard holds it gives back.

#include "fuzz/cuts.hpp"
#include "fuzz/target.hpp"
#include "http/connection_guard.hpp"

#include <http_parser.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mfo::fuzz {

namespace {

using http::connection_guard;
using http::framing;
using ruling = connection_guard::ruling;

constexpr std::size_t max_header = 600;
constexpr std::size_t max_body = 300;
constexpr std::size_t max_bytes_in_flight = 500;

/// RESTinio's side, with the parser as RESTinio uses it: stopped at the end of
/// a request, and set up anew for the next.
class receiver {
public:
  receiver() {
    http_parser_settings_init(&settings_);
    settings_.on_body = [](http_parser* of, const char*, std::size_t size) {
      static_cast<receiver*>(of->data)->body_ += size;
      return 0;
    };
    settings_.on_message_complete = [](http_parser* of) {
      static_cast<receiver*>(of->data)->complete_ = true;
      http_parser_pause(of, 1);
      return 0;
    };
    begin();
  }

  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;

  void take(std::string_view bytes) {
    const auto used =
        http_parser_execute(&parser_, &settings_, bytes.data(), bytes.size());
    require(HTTP_PARSER_ERRNO(&parser_) == (complete_ ? HPE_PAUSED : HPE_OK));
    require(used == bytes.size());
    if (!complete_)
      return;
    require(parser_.upgrade == 0);
    bodies_.push_back(body_);
    begin();
  }

  /// Of the requests that are complete.
  [[nodiscard]] const std::vector<std::uint64_t>& bodies() const noexcept {
    return bodies_;
  }

private:
  void begin() {
    http_parser_init(&parser_, HTTP_REQUEST);
    parser_.data = this;
    body_ = 0;
    complete_ = false;
  }

  http_parser parser_{};
  http_parser_settings settings_{};
  std::uint64_t body_ = 0;
  bool complete_ = false;
  std::vector<std::uint64_t> bodies_;
};

struct outcome {
  std::vector<std::uint64_t> bodies;
  std::vector<core::errc> refusals;

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome pass_through_guard(const std::vector<std::string_view>& pieces,
                           std::size_t buffer_size) {
  outcome result;
  const auto shared = std::make_shared<http::guard_shared>();
  shared->limits.max_header = max_header;
  shared->limits.max_body = max_body;
  shared->admission =
      std::make_shared<core::admission>(100, max_bytes_in_flight);
  shared->refuse = [&result](const http::guard_refusal& refused) {
    result.refusals.push_back(refused.code);
    return std::string{"no"};
  };
  receiver behind;
  {
    connection_guard guard{shared, std::nullopt};
    std::string buffer(buffer_size, '\0');
    const auto take = [&](connection_guard::decision now) {
      while (now.what == ruling::pass_on || now.what == ruling::send_continue) {
        require(now.size > 0 && now.size <= buffer.size());
        behind.take({buffer.data(), now.size});
        require(shared->admission->bytes() <= max_bytes_in_flight);
        now = guard.next(buffer);
      }
      return now.what != ruling::refuse;
    };
    bool open = true;
    for (auto piece : pieces)
      while (open && !piece.empty()) {
        const auto size = std::min(piece.size(), buffer.size());
        std::copy_n(piece.begin(), size, buffer.begin());
        piece.remove_prefix(size);
        open = take(guard.received(buffer, size));
      }
    require(open == result.refusals.empty());
    if (open &&
        guard.current_phase().what != connection_guard::phase::part::idle) {
      require(guard.timed_out().what == ruling::refuse);
      require(result.refusals.size() <= 1);
      result.refusals.clear();
    }
  }
  require(shared->admission->bytes() == 0 && shared->connections == 0);
  result.bodies = behind.bodies();
  return result;
}

/// The bodies of the requests that our framing finds.
std::vector<std::uint64_t> bodies_in(std::string_view text) {
  framing parser{{.max_header = max_header, .max_body = max_body}};
  std::vector<std::uint64_t> bodies;
  while (!text.empty()) {
    const auto step = parser.feed(text);
    if (step.what == framing::verdict::refused || step.used == 0)
      break;
    text.remove_prefix(step.used);
    if (step.what == framing::verdict::complete)
      bodies.push_back(parser.body_announced());
  }
  return bodies;
}

} // namespace

void run(std::string_view input) {
  const cuts cut{input};
  const auto whole = pass_through_guard({cut.text()}, 8 * 1024);
  require(whole.bodies == bodies_in(cut.text()));
  require(pass_through_guard(cut.pieces(), 8 * 1024) == whole);
  require(pass_through_guard(cut.pieces(), 7) == whole);
  require(pass_through_guard(cut.bytes(), 8 * 1024) == whole);
}

} // namespace mfo::fuzz
