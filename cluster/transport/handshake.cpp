#include "cluster/transport/handshake.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace mfo::cluster::wire {

namespace {

/// RFC 8446, section 5.1: how a record with a part of a handshake begins.
constexpr unsigned char tls_handshake_record = 22;
constexpr std::size_t read_step = 4096;

} // namespace

handshake::handshake(unique_socket socket, const handshake_rules& rules)
  : way_(direction::accepted), rules_(&rules), channel_(std::move(socket)),
    filter_(way_, rules.filter), phase_(phase::first_byte) {}

handshake::handshake(unique_socket socket, const handshake_rules& rules,
                     std::string expected)
  : way_(direction::dialled), rules_(&rules), channel_(std::move(socket)),
    filter_(way_, rules.filter), expected_(std::move(expected)),
    phase_(phase::connecting) {}

handshake::wish handshake::step() {
  for (;;) {
    std::optional<wish> answer;
    switch (phase_) {
    case phase::connecting:
      answer = connect();
      break;
    case phase::first_byte:
      answer = look_at_first_byte();
      break;
    case phase::tls:
      answer = agree_on_tls();
      break;
    case phase::greeting:
      answer = greet();
      break;
    case phase::done:
      answer = wish::done;
    }
    if (answer)
      return *answer;
  }
}

std::optional<handshake::wish> handshake::connect() {
  const auto answer = connected(channel_.socket());
  if (!answer)
    return wish::write;
  if (!answer->empty())
    return fail({end_reason::unreachable, "cannot connect: " + *answer});
  if (rules_->identity != nullptr)
    begin_tls();
  else
    phase_ = phase::done;
  return std::nullopt;
}

std::optional<handshake::wish> handshake::look_at_first_byte() {
  unsigned char first = 0;
  const auto got = ::recv(channel_.socket(), &first, 1, MSG_PEEK);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return wish::read;
  if (got == 0)
    return fail(
        {end_reason::closed_by_peer, "the peer has hung up without a word"});
  if (got < 0)
    return fail({end_reason::closed_by_peer, system_text(errno)});
  if (rules_->identity == nullptr)
    phase_ = phase::greeting;
  else if (first == tls_handshake_record)
    begin_tls();
  else
    return fail(
        {end_reason::not_tls,
         fmt::format("not TLS: it begins with the byte {:#04x}", first)});
  return std::nullopt;
}

std::optional<handshake::wish> handshake::agree_on_tls() {
  const auto result = channel_.tls()->handshake();
  if (result.state != io_state::done)
    return wait_or_fail(result.state);
  peer_name_ = channel_.tls()->peer_name();
  phase_ = way_ == direction::accepted ? phase::greeting : phase::done;
  return std::nullopt;
}

std::optional<handshake::wish> handshake::greet() {
  std::array<char, read_step> buffer{};
  const auto result = channel_.read(buffer.data(), buffer.size());
  if (result.state != io_state::done)
    return wait_or_fail(result.state);
  const std::string_view bytes{buffer.data(), result.bytes};
  early_ += bytes;
  if (auto cause = filter_.feed(bytes))
    return fail(*std::move(cause));
  if (filter_.established()) {
    channel_.put_back(std::move(early_));
    phase_ = phase::done;
  }
  return std::nullopt;
}

std::optional<handshake::wish> handshake::wait_or_fail(io_state state) {
  switch (state) {
  case io_state::wants_read:
    return wish::read;
  case io_state::wants_write:
    return wish::write;
  default:
    return fail(channel_.failure());
  }
}

handshake::wish handshake::fail(end_cause cause) {
  failure_ = std::move(cause);
  return wish::failed;
}

void handshake::begin_tls() {
  channel_.secure(rules_->identity->open_session(way_, channel_.socket(),
                                                 {rules_->allowed, expected_}));
  phase_ = phase::tls;
}

end_cause handshake::too_slow() const {
  switch (phase_) {
  case phase::connecting:
    return {end_reason::unreachable, "cannot connect: no answer in time"};
  case phase::first_byte:
    return {end_reason::silent, "it has said nothing in time"};
  case phase::tls:
    return {end_reason::timed_out, "TLS was not agreed on in time"};
  default:
    return {end_reason::timed_out, "its greeting of BASP has not come in "
                                   "time"};
  }
}

} // namespace mfo::cluster::wire
