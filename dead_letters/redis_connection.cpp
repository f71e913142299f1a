#include "dead_letters/redis_connection.hpp"

#include <fmt/format.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <vector>

namespace mfo::dead_letters {

namespace {

void free_context(redisContext* context) {
  if (context != nullptr)
    ::redisFree(context);
}

void free_reply(redisReply* reply) {
  if (reply != nullptr)
    ::freeReplyObject(reply);
}

timeval to_timeval(std::chrono::milliseconds value) {
  return {static_cast<time_t>(value.count() / 1000),
          static_cast<suseconds_t>(value.count() % 1000 * 1000)};
}

} // namespace

tl::expected<redis_connection, std::string>
redis_connection::open(const service_url& where,
                       std::chrono::milliseconds timeout) {
  context made{::redisConnectWithTimeout(where.host.c_str(), where.port,
                                         to_timeval(timeout)),
               free_context};
  if (!made)
    return tl::unexpected(
        fmt::format("redis at {}: no memory", where.address()));
  redis_connection connection{std::move(made), where.address(), timeout};
  ::redisSetTimeout(connection.context_.get(), to_timeval(timeout));
  if (connection.context_->err != 0)
    return tl::unexpected(connection.failure());
  if (auto in = connection.log_in(where); !in)
    return tl::unexpected(std::move(in.error()));
  return connection;
}

tl::expected<void, std::string>
redis_connection::log_in(const service_url& where) {
  std::vector<std::string_view> words{"AUTH"};
  if (!where.user.empty())
    words.push_back(where.user);
  words.push_back(where.password);
  if (!where.password.empty())
    if (auto answer = command(words); !answer)
      return tl::unexpected(std::move(answer.error()));
  if (where.path.empty() || where.path == "0")
    return {};
  if (auto answer =
          command(std::array<std::string_view, 2>{"SELECT", where.path});
      !answer)
    return tl::unexpected(std::move(answer.error()));
  return {};
}

tl::expected<redis_connection::reply, std::string>
redis_connection::command(std::span<const std::string_view> words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto& each : words) {
    texts.push_back(each.data());
    sizes.push_back(each.size());
  }
  reply answer{static_cast<redisReply*>(::redisCommandArgv(
                   context_.get(), static_cast<int>(words.size()), texts.data(),
                   sizes.data())),
               free_reply};
  if (!answer)
    return tl::unexpected(failure());
  if (answer->type == REDIS_REPLY_ERROR)
    return tl::unexpected(
        fmt::format("redis at {}: {}: {}", address_, words.front(),
                    std::string_view{answer->str, answer->len}));
  return answer;
}

std::string redis_connection::failure() const {
  const int error = errno;
  if (context_->err == REDIS_ERR_IO &&
      (error == EAGAIN || error == EWOULDBLOCK || error == ETIMEDOUT ||
       error == EINPROGRESS))
    return fmt::format("redis at {}: no answer within {} ms", address_,
                       timeout_.count());
  return fmt::format("redis at {}: {}", address_, context_->errstr);
}

bool redis_connection::usable() const {
  if (context_->err != 0)
    return false;
  // Nothing is due, so whatever can be read is the end of the connection.
  char byte = 0;
  const auto size = ::recv(context_->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

} // namespace mfo::dead_letters
