#include "node/replies_argument.hpp"

#include "devserver/replies_file.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace mfo::node {

CLI::Option* add_replies_option(CLI::App& command, std::string& target) {
  return command
      .add_option("--replies", target,
                  "What tools and chats are answered, and what memory, "
                  "resources and jobs there are: YAML or JSON")
      ->type_name("FILE");
}

tl::expected<devserver::replies, command_failure>
load_replies(const std::string& file) {
  if (file.empty())
    return {};
  auto read = devserver::read_replies(file);
  if (read)
    return *std::move(read);
  const bool no_file = read.error().front().line == 0;
  return failure(no_file ? exit_status::no_input : exit_status::bad_config,
                 config::to_string(read.error()));
}

} // namespace mfo::node
