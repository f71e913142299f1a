#include "node/replies_argument.hpp"

#include "devserver/replies_file.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace mfo::node {

CLI::Option* add_replies_option(CLI::App& command,
                                std::vector<std::string>& target) {
  return command
      .add_option("--replies", target,
                  "What tools and chats are answered, and what memory, "
                  "resources and jobs there are: YAML or JSON; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
}

tl::expected<devserver::replies, command_failure>
load_replies(const std::vector<std::string>& files) {
  devserver::replies all;
  for (const auto& each : files) {
    auto read = devserver::read_replies(each);
    if (!read) {
      const bool no_file = read.error().front().line == 0;
      return failure(no_file ? exit_status::no_input : exit_status::bad_config,
                     config::to_string(read.error()));
    }
    add(all, *std::move(read));
  }
  return all;
}

} // namespace mfo::node
