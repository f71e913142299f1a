#include "tests/support/tinyproxy_process.hpp"

#include <fmt/format.h>

#include <utility>

namespace mfo::support {

tinyproxy_process::tinyproxy_process(std::uint16_t connect_port,
                                     std::string user, std::string password)
  : connect_port_(connect_port), user_(std::move(user)),
    password_(std::move(password)),
    program_([this](std::uint16_t port) { return command(port); }) {}

std::vector<std::string> tinyproxy_process::command(std::uint16_t port) const {
  auto conf = fmt::format("Port {}\nListen 127.0.0.1\nAllow 127.0.0.1\n"
                          "Timeout 30\nMaxClients 50\n",
                          port);
  if (connect_port_ != 0)
    conf += fmt::format("ConnectPort {}\n", connect_port_);
  if (!user_.empty())
    conf += fmt::format("BasicAuth {} {}\n", user_, password_);
  return {"/usr/bin/tinyproxy", "-d", "-c",
          folder_.write("tinyproxy.conf", conf)};
}

} // namespace mfo::support
