#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <future>

namespace mfo::support {

/// Runs `task` on the thread that runs `io`, and returns when it has ended.
/// Requires: another thread does.
inline void run_on(boost::asio::io_context& io,
                   const std::function<void()>& task) {
  std::promise<void> done;
  boost::asio::post(io, [&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

} // namespace mfo::support
