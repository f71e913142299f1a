#include "tests/support/nginx_process.hpp"

#include <fmt/format.h>

#include <utility>

namespace mfo::support {

nginx_process::nginx_process(std::string directives,
                             std::optional<test::identity> tls)
  : directives_(std::move(directives)), tls_(std::move(tls)),
    program_([this](std::uint16_t port) { return command(port); }) {}

std::vector<std::string> nginx_process::command(std::uint16_t port) const {
  std::string tls;
  if (tls_)
    tls = fmt::format("ssl_certificate {}; ssl_certificate_key {};\n",
                      folder_.write("cert.pem", tls_->certificate),
                      folder_.write("key.pem", tls_->key));
  const auto conf = folder_.write("nginx.conf", fmt::format(R"(
daemon off;
master_process off;
pid {0}nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {0}body;
  proxy_temp_path {0}proxy;
  fastcgi_temp_path {0}fastcgi;
  uwsgi_temp_path {0}uwsgi;
  scgi_temp_path {0}scgi;
  server {{
    listen 127.0.0.1:{1}{2};
    {3}{4}
  }}
}}
)",
                                                            folder_ / "", port,
                                                            tls_ ? " ssl" : "",
                                                            tls, directives_));
  return {"/usr/sbin/nginx", "-e", "stderr", "-p", folder_ / "", "-c", conf};
}

} // namespace mfo::support
