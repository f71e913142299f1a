#pragma once

#include "devserver/bounded_store.hpp"
#include "devserver/callback_sender.hpp"
#include "devserver/event_log.hpp"
#include "devserver/json_reader.hpp"
#include "devserver/login.hpp"
#include "devserver/options.hpp"
#include "devserver/reply.hpp"
#include "devserver/request.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mfo::devserver {

/// The MFO server's API, in memory: what README.md lists, where documents
/// disagree all of the variants. Deterministic. Used by one thread.
class api {
public:
  /// Refers to all four for as long as it lives.
  api(const options& settings, event_log& recorded, event_log& rejected,
      callback_sender& callbacks);

  /// Answers a contract request; takes the body of an event. A `forced_status`
  /// that is no 2xx stands for the API's own answer; a 2xx becomes its status.
  /// 0: nothing is forced.
  reply answer(request& req, int forced_status);

  /// Records an event, or each of a batch, that gets `status`, or with 0 no
  /// answer at all.
  void reject(request& req, int status);

  /// All subscriptions, as GET /__control/subscriptions shows them.
  [[nodiscard]] std::string subscriptions() const;

private:
  /// What a handler knows besides the request.
  struct context {
    std::string rest; ///< of the path behind the route's, decoded
    std::string user;
    int forced_status = 0;
  };
  using handler = reply (api::*)(request&, const context&);
  struct route;
  static const std::vector<route>& routes();

  struct job {
    std::uint64_t polls_left = 0;
    bool fails = false;
    std::string result; ///< JSON
  };

  struct subscription {
    std::string id;
    std::string event; ///< a type, or its beginning with a "*" behind it
    std::string callback_url;

    [[nodiscard]] bool wants(std::string_view type) const noexcept;
  };

  /// What the replies say is there at the start.
  void put_resources_and_jobs();
  /// The same for the memory of a user who is new here.
  void put_memory(const std::string& user);

  reply dispatch(request& req, int forced_status);
  std::string event_id(std::string id_member, std::string_view otherwise);
  void notify(std::string_view id, std::string_view type, std::size_t bytes,
              int status) const;
  void record(const std::string& id, std::string_view type,
              header_block headers, std::string body, int status);
  void record_rejected(std::string id, std::string_view type,
                       header_block headers, std::size_t size, int status);
  std::string notification(const std::string& id, std::string_view type,
                           std::string& event);

  reply post_event(request& req, const context& ctx);
  reply post_batch(request& req, int status);
  reply get_info(request& req, const context& ctx);

  reply log_in(request& req, const context& ctx);
  reply give_token(request& req, const context& ctx);

  /// What the replies have for a chat; nothing: what was said last.
  [[nodiscard]] const std::string*
  canned_chat(const nlohmann::json& messages) const;

  reply chat(request& req, const context& ctx);
  reply chat_stream(request& req, const context& ctx);
  reply chat_history(request& req, const context& ctx);

  reply list_tools(request& req, const context& ctx);
  reply call_tool(request& req, const context& ctx);
  reply start_job(std::string& arguments);
  reply job_status(request& req, const context& ctx);
  reply subscribe(request& req, const context& ctx);

  reply list_memory(request& req, const context& ctx);
  reply post_memory(request& req, const context& ctx);
  reply get_memory(request& req, const context& ctx);
  reply put_memory(request& req, const context& ctx);
  reply delete_memory(request& req, const context& ctx);
  reply recall(const context& ctx, const std::string& key);
  reply list_resources(request& req, const context& ctx);
  reply get_resource(request& req, const context& ctx);
  reply post_resource(request& req, const context& ctx);

  const options& settings_;
  event_log& recorded_;
  event_log& rejected_;
  callback_sender& callbacks_;
  json_reader json_;
  login_desk desk_;
  std::uint64_t made_up_ = 0; ///< ids so far

  static constexpr std::size_t entries = 10'000;
  static constexpr std::size_t bytes = 64 * 1024 * 1024;
  bounded_store<std::string> threads_{entries, bytes}; ///< messages, by ","
  bounded_store<job> jobs_{entries, bytes};
  bounded_store<subscription> subscriptions_{entries, bytes}; ///< by both
  bounded_store<std::string> memory_{entries, bytes}; ///< by user and key
  bounded_store<bool> users_{entries, bytes};         ///< whose memory was put
  bounded_store<std::string> resources_{entries, bytes};
};

} // namespace mfo::devserver
