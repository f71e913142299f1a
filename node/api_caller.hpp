#pragma once

#include "node/api_session.hpp"
#include "node/command.hpp"

#include "api/api_error.hpp"
#include "api/json_body.hpp"
#include "config/server_settings.hpp"

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace mfo::node {

/// A JSON value of the command line: the text itself, or that of a file (@FILE,
/// @- for standard input).
tl::expected<nlohmann::json, command_failure>
read_json_argument(const std::string& text);

/// A string without its quotes; anything else as JSON, indented.
std::string text_or_json(const nlohmann::json& value);

/// To show the whole body of a reply.
inline constexpr struct show_body_t {
} show_body;

/// Makes calls and prints what has become of them: the reply on standard
/// output, an error on standard error.
class api_caller {
public:
  struct options {
    std::string config;
    std::string server;
    double timeout = 30; ///< seconds
    bool raw = false;
    bool verbose = false;
  };

  static tl::expected<std::unique_ptr<api_caller>, command_failure>
  open(const options& how);

  [[nodiscard]] const config::server_settings& server() const noexcept {
    return session_->server();
  }

  [[nodiscard]] const config::path_settings& paths() const noexcept {
    return server().paths;
  }

  /// Makes a call. `parse` is that of the API, and decides whether the reply is
  /// what it should be; `pick` gives the part of its result to print.
  template <class Parse, class Pick>
  exit_status call(tl::expected<api::call, api::api_error> what, Parse parse,
                   Pick pick) {
    return with_reply(std::move(what), [&](const auto& reply) {
      const auto parsed = parse(reply);
      if (!parsed)
        return fail(parsed.error());
      return print(reply, pick(*parsed));
    });
  }

  template <class Parse>
  exit_status call(tl::expected<api::call, api::api_error> what, Parse parse,
                   show_body_t) {
    return with_reply(std::move(what), [&](const auto& reply) {
      const auto parsed = parse(reply);
      return parsed ? print_body(reply) : fail(parsed.error());
    });
  }

  /// The same for a call whose reply says nothing: prints nothing.
  template <class Parse>
  exit_status change(tl::expected<api::call, api::api_error> what,
                     Parse parse) {
    return with_reply(std::move(what), [&](const auto& reply) {
      const auto parsed = parse(reply);
      return parsed ? exit_status::ok : fail(parsed.error());
    });
  }

  /// Hands the pieces of the reply's body on, one after another.
  exit_status stream(tl::expected<api::call, api::api_error> what,
                     std::function<void(std::string_view)> on_data);

  exit_status show_job(const std::string& id);
  exit_status await_job(const std::string& id);

  exit_status fail(const api::api_error& error) const;
  exit_status fail(const command_failure& failure) const;

private:
  using reply_handler =
      std::function<exit_status(const http::client_response&)>;

  api_caller(const options& how, std::unique_ptr<api_session> session);

  exit_status with_reply(tl::expected<api::call, api::api_error> what,
                         const reply_handler& handle,
                         std::function<void(std::string_view)> on_data = {});
  exit_status print(const http::client_response& reply,
                    const nlohmann::json& part) const;
  exit_status print_body(const http::client_response& reply) const;

  options how_;
  std::chrono::steady_clock::time_point deadline_;
  std::unique_ptr<api_session> session_;
};

} // namespace mfo::node
