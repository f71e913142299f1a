#include "node/taskflow/question_commands.hpp"

#include "node/taskflow/admin_client.hpp"
#include "node/taskflow/run_view.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>

namespace mfo::node {

namespace {

using nlohmann::json;

struct question_arguments {
  admin_arguments where;
  std::string id;
  std::string text;
};

exit_status questions(const question_arguments& given) {
  const auto client = admin_client::open(given.where);
  const auto reply = client ? client->get("/api/v1/questions")
                            : tl::unexpected{client.error()};
  if (!reply)
    return report("taskflow questions", reply.error());
  if (given.where.wants_json())
    print_json(*reply);
  else
    fmt::print("{}", question_list(*reply));
  return exit_status::ok;
}

exit_status answer(const question_arguments& given) {
  const json body{{"answer", given.text}};
  const auto client = admin_client::open(given.where);
  const auto reply =
      client ? client->post(
                   "/api/v1/questions/" + encoded(given.id) + "/answer",
                   body.dump(-1, ' ', false, json::error_handler_t::replace))
             : tl::unexpected{client.error()};
  if (!reply)
    return report("taskflow answer", reply.error());
  if (given.where.wants_json())
    print_json(*reply);
  else
    fmt::print("answered\n");
  return exit_status::ok;
}

} // namespace

void add_question_commands(CLI::App& group, command_action& chosen) {
  auto given = std::make_shared<question_arguments>();
  auto* listing = group.add_subcommand(
      "questions", "One line for each question that waits for an answer");
  add_admin_options(*listing, given->where);
  set_action(*listing, chosen, [given] { return questions(*given); });

  auto* answering = group.add_subcommand("answer", "Answer a question");
  answering->add_option("id", given->id, "Id of the question")
      ->required()
      ->type_name("ID");
  answering
      ->add_option("text", given->text,
                   "The answer: one of the choices, if "
                   "there are some")
      ->required()
      ->type_name("TEXT");
  add_admin_options(*answering, given->where);
  set_action(*answering, chosen, [given] { return answer(*given); });
}

} // namespace mfo::node
