#include "node/standard_output.hpp"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace mfo::node {

namespace {

/// Of a write long ago the reason is not known any more, but this is.
bool nobody_reads() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

} // namespace

exit_status ended_by_printing(std::string_view command,
                              const std::error_code& problem) {
  if (problem == std::errc::broken_pipe || nobody_reads())
    return exit_status::ok;
  fmt::print(stderr, "mfo-node{}{}: cannot write to standard output{}{}\n",
             command.empty() ? "" : " ", command, problem ? ": " : "",
             problem ? problem.message() : "");
  return exit_status::cannot_start;
}

exit_status after_printing(std::string_view command, exit_status status) {
  errno = 0;
  const bool flushed = std::fflush(stdout) == 0;
  const std::error_code problem{flushed ? 0 : errno, std::generic_category()};
  if (status != exit_status::ok || (flushed && !has_lost_output()))
    return status;
  return ended_by_printing(command, problem);
}

bool has_lost_output() noexcept {
  return std::ferror(stdout) != 0;
}

} // namespace mfo::node
