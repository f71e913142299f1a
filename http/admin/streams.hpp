#pragma once

#include "http/admin/stream_output.hpp"
#include "http/answer.hpp"
#include "telemetry/event_book.hpp"
#include "telemetry/run_book.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::http {

/// What streams tell of; asked once a second while there is one, for all.
struct stream_sources {
  std::function<std::string()> overview;               ///< a JSON object
  std::shared_ptr<const telemetry::event_book> events; ///< null: there are none
  std::shared_ptr<const telemetry::run_book> runs;     ///< likewise
  std::function<void()> cut_off; ///< a reader did not keep up
};

/// The streams of `GET /api/v1/stream`: each is told how the node is and what
/// is new, every second. On the thread of its `io_context`.
class streams {
public:
  static constexpr std::size_t most = 16;
  /// So that who has them can ask for other things as well.
  static constexpr std::size_t most_of_an_address = 8;
  /// Of one stream, bytes that are not sent yet.
  static constexpr std::size_t most_unsent = 1024 * 1024;

  /// `io` must outlive it.
  streams(boost::asio::io_context& io, stream_sources sources);

  /// Begins one for this address, with what `open` gives. The answer: there are
  /// too many.
  [[nodiscard]] std::optional<answer>
  begin(const std::string& address,
        const std::function<std::unique_ptr<stream_output>()>& open);

  /// Ends all that there are.
  void end_all();

  [[nodiscard]] std::size_t size() const noexcept {
    return open_.size();
  }

  /// What is done every second.
  void tell();

private:
  struct stream {
    std::string address;
    std::unique_ptr<stream_output> to;
    std::size_t unsent = 0;
    bool gone = false; ///< the reader
  };
  using stream_ptr = std::shared_ptr<stream>;

  void wait();
  void send(const stream_ptr& to, const std::string& text);
  [[nodiscard]] std::string news();

  boost::asio::steady_timer timer_;
  stream_sources sources_;
  std::vector<stream_ptr> open_;
  std::uint64_t events_mark_ = 0;
  std::uint64_t runs_mark_ = 0;
  std::uint64_t told_ = 0; ///< how often
};

} // namespace mfo::http
