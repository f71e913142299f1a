#include "telemetry/line_output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace mfo::telemetry {

line_output::line_output(int descriptor,
                         std::function<void(const std::string&)> complain)
  : descriptor_(descriptor), complain_(std::move(complain)) {}

void line_output::write(std::string_view line) {
  // The next one must not be lost with what is there of a torn one.
  buffer_.assign(torn_ ? "\n" : "").append(line).push_back('\n');
  std::size_t written = 0;
  const auto error = write_buffer(written);
  if (error == 0) {
    torn_ = failing_ = false;
    return;
  }
  if (written > 0)
    torn_ = !torn_ || written > 1;
  lost_.fetch_add(1, std::memory_order_relaxed);
  if (!std::exchange(failing_, true))
    complain_(std::generic_category().message(error));
}

int line_output::write_buffer(std::size_t& written) const {
  while (written < buffer_.size()) {
    const auto size = ::write(descriptor_, buffer_.data() + written,
                              buffer_.size() - written);
    if (size >= 0) {
      written += static_cast<std::size_t>(size);
      continue;
    }
    if (errno == EINTR)
      continue;
    if (errno != EAGAIN)
      return errno;
    // Others may have made it one that does not block.
    pollfd room{descriptor_, POLLOUT, 0};
    ::poll(&room, 1, -1);
  }
  return 0;
}

} // namespace mfo::telemetry
