#include "node/command_dev_server.hpp"

#include "config/address.hpp"
#include "core/printable.hpp"
#include "devserver/server.hpp"
#include "node/replies_argument.hpp"
#include "node/service_manager.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace mfo::node {

namespace {

struct server_arguments {
  std::string listen = "127.0.0.1:8090";
  std::string token;
  std::string token_env;
  std::string user;
  std::string password;
  std::string callback_secret;
  std::string record;
  std::vector<std::string> replies;
  unsigned token_lifetime = 0; ///< seconds; 0: none
  bool quiet = false;
  bool allow_remote = false;
};

void print(const std::string& line) {
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
}

void print_event(const devserver::event_notice& event) {
  print(fmt::format("event id={} type={} bytes={} status={}\n", event.id,
                    event.type.empty() ? "-" : event.type, event.bytes,
                    event.status));
}

void print_call(const devserver::call_notice& call) {
  print(fmt::format("call method={} path={} bytes={} status={}\n",
                    core::printable(call.method), core::printable(call.path),
                    call.body.size(), call.status));
}

/// The ids of the events that were taken, a line each. A line is with the
/// kernel before its event is answered, so it outlives a `kill -9`.
class id_file {
public:
  static tl::expected<id_file, std::string> open(const std::string& path) {
    const int file =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0)
      return tl::unexpected(
          fmt::format("--record: {}: {}", path, std::strerror(errno)));
    return id_file(file);
  }

  void append(const devserver::event_notice& event) const {
    if (event.status < 200 || event.status > 299)
      return;
    const auto line = fmt::format("{}\n", event.id);
    if (::write(file_, line.data(), line.size()) ==
        static_cast<ssize_t>(line.size()))
      return;
    // What is not recorded must not be acknowledged.
    fmt::print(stderr, "mfo-node dev-server: --record: {}\n",
               std::strerror(errno));
    ::_exit(1);
  }

private:
  explicit id_file(int file) : file_(file) {}

  int file_; // open until the process ends
};

tl::expected<void, std::string> record(const server_arguments& given,
                                       devserver::options& options) {
  if (given.record.empty())
    return {};
  auto file = id_file::open(given.record);
  if (!file)
    return tl::unexpected(std::move(file.error()));
  options.on_event = [file = *file, then = std::move(options.on_event)](
                         const devserver::event_notice& event) {
    file.append(event);
    if (then)
      then(event);
  };
  return {};
}

tl::expected<devserver::options, std::string>
read(const server_arguments& given) {
  const auto address = config::parse_listen_address(given.listen);
  if (!address)
    return tl::unexpected("--listen: " + address.error());
  devserver::options options;
  options.host = address->host;
  options.port = address->port;
  options.allow_remote = given.allow_remote;
  if (!given.token.empty())
    options.token = given.token;
  if (!given.token_env.empty()) {
    const char* value = std::getenv(given.token_env.c_str());
    if (!value || !*value)
      return tl::unexpected(
          fmt::format("--token-env: {} is not set", given.token_env));
    options.token = value;
  }
  if (!given.user.empty())
    options.login = devserver::credentials{given.user, given.password};
  if (!given.callback_secret.empty())
    options.callback_secret = given.callback_secret;
  if (given.token_lifetime > 0)
    options.token_lifetime = std::chrono::seconds{given.token_lifetime};
  if (!given.quiet) {
    options.on_event = print_event;
    options.on_call = print_call;
  }
  if (auto ready = record(given, options); !ready)
    return tl::unexpected(std::move(ready.error()));
  return options;
}

exit_status fail(const std::string& reason) {
  fmt::print(stderr, "mfo-node dev-server: {}\n", reason);
  return exit_status::cannot_start;
}

exit_status serve(const server_arguments& given) {
  auto options = read(given);
  if (!options)
    return fail(options.error());
  auto replies = load_replies(given.replies);
  if (!replies)
    return report("dev-server", replies.error());
  options->canned = *std::move(replies);
  boost::asio::io_context io(1);
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([](auto, int) {}); // its end is the end of `run`
  devserver::server server(std::move(*options));
  if (const auto port = server.start(); !port)
    return fail(port.error());
  print(fmt::format("dev-server listening on {}\n", server.url()));
  service_manager{}.ready("Listens on " + server.url());
  io.run();
  server.stop();
  return exit_status::ok;
}

} // namespace

void add_dev_server_command(CLI::App& app, command_action& chosen) {
  auto given = std::make_shared<server_arguments>();
  auto* command = app.add_subcommand(
      "dev-server", "Stand in for the MFO server, on a laptop or in a test");
  command->add_option("--listen", given->listen, "Address and port; 0: any")
      ->type_name("ADDRESS")
      ->capture_default_str();
  auto* token =
      command
          ->add_option("--token", given->token, "The bearer token to ask for")
          ->type_name("TOKEN");
  command
      ->add_option("--token-env", given->token_env,
                   "The environment variable that holds the token")
      ->type_name("NAME")
      ->excludes(token);
  auto* user =
      command
          ->add_option("--user", given->user, "The only user name that logs in")
          ->type_name("NAME");
  auto* password =
      command->add_option("--password", given->password, "Its password")
          ->type_name("TEXT");
  user->needs(password);
  password->needs(user);
  command
      ->add_option("--token-lifetime", given->token_lifetime,
                   "How long a token from login or /oauth/token is good; "
                   "default: it says an hour, and is good for ever")
      ->check(CLI::Range(1u, 31'536'000u))
      ->type_name("SECONDS");
  command
      ->add_option("--callback-secret", given->callback_secret,
                   "Signs notifications to subscribers, in X-Signature")
      ->type_name("TEXT");
  add_replies_option(*command, given->replies);
  command
      ->add_option("--record", given->record,
                   "File to append the id of each event to, before a 2xx "
                   "goes out")
      ->type_name("FILE");
  command->add_flag("--quiet", given->quiet, "No line for each event and call");
  command->add_flag("--allow-remote", given->allow_remote,
                    "Listen on an address that other machines reach");
  command->footer("All is in memory, and open to whoever reaches it: so it "
                  "listens on loopback\naddresses alone.\n\nGET "
                  "/__control/events shows what arrived, POST "
                  "/__control/faults sets what goes wrong; devserver/README.md "
                  "tells more.");
  set_action(*command, chosen, [given] { return serve(*given); });
}

} // namespace mfo::node
