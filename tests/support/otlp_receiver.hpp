#pragma once

#include "tests/support/http_script_server.hpp"

#include <nlohmann/json.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mfo::test {

/// What OTLP/HTTP posts to, as a collector has it. Keeps all of it.
class otlp_receiver {
public:
  /// Answers the first posts with these, whole as they are sent, and all others
  /// with 200.
  explicit otlp_receiver(std::vector<std::string> answers = {})
    : answers_(std::move(answers)), server_([this](server_peer& peer, int) {
        while (auto request = peer.read_request())
          if (!peer.write(answer(*std::move(request))))
            return;
      }) {}

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1/traces";
  }

  [[nodiscard]] std::vector<http_request> posts() const {
    const std::lock_guard lock{mutex_};
    return posts_;
  }

  /// All that was posted, each span once for each post: as it came, but for
  /// its attributes, which are a map, and with those of its `resource`.
  [[nodiscard]] std::vector<nlohmann::json> spans() const {
    std::vector<nlohmann::json> all;
    for (const auto& post : posts()) {
      const auto body = nlohmann::json::parse(post.body());
      for (const auto& of : body.at("resourceSpans"))
        for (const auto& scope : of.at("scopeSpans"))
          for (auto span : scope.at("spans")) {
            span["attributes"] = map_of(span.at("attributes"));
            span["resource"] = map_of(of.at("resource").at("attributes"));
            all.push_back(std::move(span));
          }
    }
    return all;
  }

  /// The spans of that name.
  [[nodiscard]] std::vector<nlohmann::json> spans(std::string_view name) const {
    auto all = spans();
    std::erase_if(all, [&](const auto& each) { return each["name"] != name; });
    return all;
  }

private:
  std::string answer(http_request request) {
    const std::lock_guard lock{mutex_};
    const auto number = posts_.size();
    posts_.push_back(std::move(request));
    return number < answers_.size() ? answers_[number] : reply_of("{}");
  }

  static nlohmann::json map_of(const nlohmann::json& attributes) {
    auto map = nlohmann::json::object();
    for (const auto& each : attributes)
      map[each.at("key").get<std::string>()] = *each.at("value").begin();
    return map;
  }

  const std::vector<std::string> answers_;
  mutable std::mutex mutex_;
  std::vector<http_request> posts_; ///< guarded by mutex_
  script_server server_;            ///< last: it uses the others
};

} // namespace mfo::test
