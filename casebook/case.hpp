#pragma once

#include "config/document.hpp"
#include "devserver/replies.hpp"
#include "http/client.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Tests of a configuration, as their file has them: requests, what is answered
/// to whom they make the node ask, and what is to come of it.
namespace mfo::casebook {

using nlohmann::json;
using std::chrono::milliseconds;

/// Whether a request proves who it is from.
enum class signing : std::uint8_t {
  yes,   ///< as its endpoint wants it, with its endpoint's secret
  no,    ///< as it stands
  wrong, ///< the same with a secret that is none of the endpoint's
};

struct request {
  std::string method;        ///< empty: the endpoint's
  std::string path;          ///< empty: the endpoint's
  std::string query;         ///< without "?"
  http::header_list headers; ///< besides those of the signature
  std::string body;          ///< bytes
};

/// What is answered to a call, in place of the stand-in server. What is empty
/// fits any.
struct stub {
  std::string server{};    ///< its name
  std::string operation{}; ///< api::operation_names
  std::string method{};
  std::string path{};              ///< `*` stands for any text
  std::string url{};               ///< of an http_call; likewise
  std::string contains{};          ///< is in the body
  std::optional<unsigned> times{}; ///< how often it counts

  milliseconds delay{0}; ///< of the test's clock
  std::optional<http::client_errc> failure{};
  int status = 200;
  http::header_list headers{};
  std::string body{};
};

struct expected_call {
  std::string server{}; ///< what is empty is not looked at; likewise below
  std::string operation{};
  std::string method{};
  std::string path{}; ///< `*` stands for any text
  std::string url{};
  http::header_list headers{};
  std::optional<json> body{};
  bool exact = false; ///< the body is that, and not only what it has of it
};

struct expected_run {
  std::string workflow{};
  std::string taskflow{};
  std::string outcome{}; ///< taskflow::task_outcome_names
  std::string error{};   ///< its code
  std::optional<json> result{};
};

struct expected_letter {
  std::string endpoint{};
  std::string server{};
  std::string type{};
  std::string reason{};
  std::optional<json> body{};
};

/// What became of the events of a step, all of them.
enum class outcome : std::uint8_t { delivered, refused, dead_lettered };

inline constexpr std::array<std::string_view, 3> outcome_names{
    "delivered", "refused", "dead_lettered"};

/// Of what is not said nothing is expected.
struct expectation {
  std::optional<int> status;
  http::header_list headers;
  std::optional<json> body;
  std::string reason; ///< slug of core::errc
  std::optional<outcome> ends;
  std::optional<std::uint64_t> received, delivered, refused, dead_lettered;
  std::optional<std::vector<expected_call>> calls;
  std::optional<std::vector<expected_run>> runs;
  std::optional<std::vector<expected_letter>> dead_letters;
  bool given = false;
};

/// One request, or what else begins something, and what is to come of it.
struct step {
  std::string tick;  ///< WORKFLOW/TRIGGER of a schedule; empty: it is a request
  std::string start; ///< WORKFLOW/TASKFLOW, by hand; likewise
  std::optional<json> input; ///< of what is started
  std::string endpoint; ///< its id, its trigger's or its path; empty: the first
  casebook::request request;
  signing sign = signing::yes;
  milliseconds skew{0};  ///< of the sender's clock
  std::string from;      ///< address of the sender; empty: this machine
  milliseconds after{0}; ///< what precedes it
  expectation expect;
};

struct test_case {
  std::string name;
  config::place where{};
  std::vector<step> steps;
  std::vector<stub> stubs; ///< the first that fits counts
  devserver::replies replies;
  std::map<std::string, std::string> answers; ///< to questions, by task
  milliseconds now{0};                        ///< at its beginning; since 1970
};

/// A file of cases.
struct book {
  std::string file;
  std::string config; ///< a path; empty: it is to be said elsewhere
  std::map<std::string, std::string, std::less<>> env;
  std::vector<test_case> cases;
};

} // namespace mfo::casebook
