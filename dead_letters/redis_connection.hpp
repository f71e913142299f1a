#pragma once

#include "dead_letters/service_url.hpp"

#include <hiredis/hiredis.h>
#include <tl/expected.hpp>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mfo::dead_letters {

/// A connection to redis (RESP 2) that is logged in and has chosen its
/// database. Blocks; connecting, and each command, ends with the time-out.
class redis_connection {
public:
  using reply = std::unique_ptr<redisReply, void (*)(redisReply*)>;

  /// Of the URL's path, the number is the database; 0 without one. A host name
  /// is resolved with the system's own time-outs.
  static tl::expected<redis_connection, std::string>
  open(const service_url& where, std::chrono::milliseconds timeout);

  /// The error is what redis says against the command, or why there is no
  /// answer; in the latter case the connection is not `usable` any more.
  tl::expected<reply, std::string>
  command(std::span<const std::string_view> words);

  /// False also when the other side has closed it meanwhile.
  [[nodiscard]] bool usable() const;

private:
  using context = std::unique_ptr<redisContext, void (*)(redisContext*)>;

  redis_connection(context to, std::string address,
                   std::chrono::milliseconds timeout)
    : context_(std::move(to)), address_(std::move(address)), timeout_(timeout) {
  }

  tl::expected<void, std::string> log_in(const service_url& where);
  std::string failure() const;

  context context_;
  std::string address_;
  std::chrono::milliseconds timeout_;
};

} // namespace mfo::dead_letters
