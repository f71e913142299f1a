#include "devserver/api.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>

/// Tools, the jobs that one of them starts, and subscriptions.
namespace mfo::devserver {

namespace {

using nlohmann::json;

reply result_of(std::string_view result) {
  return {.body = fmt::format(R"({{"result":{}}})", result)};
}

reply add(const json& arguments) {
  double sum = 0;
  std::int64_t whole_sum = 0;
  bool whole = true;
  for (const char* name : {"a", "b"}) {
    if (!arguments.contains(name) || !arguments[name].is_number())
      return error_reply(400, R"(add takes {"a": number, "b": number})");
    sum += arguments[name].get<double>();
    whole = whole && arguments[name].is_number_integer();
  }
  if (whole &&
      !__builtin_add_overflow(arguments["a"].get<std::int64_t>(),
                              arguments["b"].get<std::int64_t>(), &whole_sum))
    return json_reply(200, {{"result", whole_sum}});
  return json_reply(200, {{"result", sum}});
}

reply upper(const json& arguments) {
  if (!arguments.contains("text") || !arguments["text"].is_string())
    return error_reply(400, R"(upper takes {"text": string})");
  auto text = arguments["text"].get<std::string>();
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(c < 0x80 ? std::toupper(c) : c);
  });
  return json_reply(200, {{"result", text}});
}

reply fail(const json&) {
  return error_reply(500, "the tool fail always fails");
}

struct tool {
  std::string_view id;
  std::string_view description;
  reply (*call)(const json& arguments); ///< null: the API's own
};

constexpr std::array tools = {
    tool{"echo", "gives back its arguments, byte for byte", nullptr},
    tool{"add", "a + b", add},
    tool{"upper", "text in upper case", upper},
    tool{"fail", "fails with a 500", fail},
    tool{"start_job", "starts a job that ends after `polls` status requests",
         nullptr},
};

} // namespace

reply api::list_tools(request&, const context&) {
  auto listed = json::array();
  const auto& canned = settings_.canned.tools;
  for (const auto& one : tools)
    if (!canned.contains(std::string{one.id}))
      listed.push_back({{"id", one.id}, {"description", one.description}});
  for (const auto& [name, result] : canned)
    listed.push_back({{"id", name}, {"description", "gives a canned reply"}});
  return json_reply(200, {{"tools", listed}});
}

reply api::call_tool(request& req, const context& ctx) {
  const auto found =
      std::find_if(tools.begin(), tools.end(),
                   [&](const tool& one) { return one.id == ctx.rest; });
  const auto& canned = settings_.canned.tools;
  const auto reply_to = canned.find(ctx.rest);
  if (found == tools.end() && reply_to == canned.end())
    return error_reply(404, fmt::format("no tool {}", ctx.rest));
  const auto arguments = json::parse(req.body, nullptr, false);
  if (!arguments.is_object())
    return error_reply(400, "the body is the tool's arguments, a JSON object");
  if (reply_to != canned.end())
    return result_of(reply_to->second);
  if (found->call)
    return found->call(arguments);
  return found->id == "echo" ? result_of(req.body) : start_job(req.body);
}

/// {"polls": 2, "result": null, "fail": false}, all optional.
reply api::start_job(std::string& arguments) {
  const auto given = json::parse(arguments, nullptr, false);
  const auto polls = given.value("polls", json(2));
  const auto fails = given.value("fail", json(false));
  if (!polls.is_number_unsigned() || !fails.is_boolean())
    return error_reply(400, "polls is a number from 0, fail true or false");
  job started{polls.get<std::uint64_t>(), fails.get<bool>(),
              std::string(json_.member(arguments, "result").value_or("null"))};
  const auto id = fmt::format("job-{}", ++made_up_);
  const auto cost = started.result.size();
  jobs_.put(id, std::move(started), cost);
  return json_reply(200, {{"result", {{"job_id", id}}}});
}

reply api::job_status(request&, const context& ctx) {
  auto* found = jobs_.find(ctx.rest);
  if (!found)
    return error_reply(404, fmt::format("no job {}", ctx.rest));
  const auto id = json_text(ctx.rest);
  if (found->polls_left > 0) {
    --found->polls_left;
    return {.body = fmt::format(R"({{"job_id":{},"status":"running"}})", id)};
  }
  if (found->fails)
    return {.body = fmt::format(
                R"({{"job_id":{},"status":"failed","error":"asked to"}})", id)};
  return {.body =
              fmt::format(R"({{"job_id":{},"status":"completed","result":{}}})",
                          id, found->result)};
}

reply api::subscribe(request& req, const context& ctx) {
  const auto given = json::parse(req.body, nullptr, false);
  const auto has_text = [&](const char* name) {
    return given.contains(name) && given[name].is_string();
  };
  if (!given.is_object() || !has_text("event") || !has_text("callback_url"))
    return error_reply(400, "event and callback_url are asked for");
  subscription wanted{{},
                      given["event"].get<std::string>(),
                      given["callback_url"].get<std::string>()};
  if (auto good = callbacks_.check(wanted.callback_url); !good)
    return error_reply(400, "callback_url: " + good.error());
  // Who subscribes again, since it cannot know what is remembered, is not to
  // be told twice.
  const auto key = json{wanted.event, wanted.callback_url}.dump();
  const auto* known = subscriptions_.find(key);
  const int status = known ? 200 : 201;
  wanted.id = known ? known->id : fmt::format("subscription-{}", ++made_up_);
  const auto id = wanted.id;
  if (!known) {
    const auto cost = wanted.event.size() + wanted.callback_url.size();
    subscriptions_.put(key, std::move(wanted), cost);
  }
  return json_reply(status, {{"id", id},
                             {"event", given["event"]},
                             {"callback_url", given["callback_url"]},
                             {"user", ctx.user}});
}

std::string api::subscriptions() const {
  auto all = json::array();
  subscriptions_.for_each([&](const std::string&, const subscription& one) {
    all.push_back({{"id", one.id},
                   {"event", one.event},
                   {"callback_url", one.callback_url}});
  });
  return all.dump();
}

} // namespace mfo::devserver
