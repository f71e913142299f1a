// `mfo-node test` with nodes of its own.

#include "node/testing/command_test.hpp"

#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace mfo::node {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct test_command : testing::Test {
  test_command() {
    files.write("node.yaml", R"(
server_url: http://127.0.0.1:9
server_token: token
endpoints:
  - id: orders
    path: /orders
    signature: {scheme: hmac, secret: "${ORDERS_SECRET}", id_header: X-Id,
                timestamp_header: X-Time, template: "{id}.{timestamp}.{body}"}
  - id: early
    path: /early
    ack: received
    signature: {secret: "${ORDERS_SECRET}"}
  - id: near
    path: /near
    signature: {secret: "${ORDERS_SECRET}"}
    allow_from: [192.0.2.0/24]
dead_letters: [{name: disk, type: file, path: /no/such/place}]
)");
  }

  exit_status run(const std::string& cases, const std::string& options = "") {
    const auto path = files.write(
        "a.cases.yaml",
        "config: node.yaml\nenv: {ORDERS_SECRET: a secret}\n" + cases);
    return run_command(path + " " + options);
  }

  exit_status run_command(const std::string& arguments) {
    CLI::App app;
    command_action chosen;
    add_test_command(app, chosen);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    app.parse("test " + arguments);
    const auto status = chosen();
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  support::temporary_folder files;
  std::string out;
  std::string err;
};

TEST_F(test_command, says_of_each_case_whether_it_passes) {
  EXPECT_EQ(run(R"(
cases:
  - name: an order is delivered
    request: {json: {a: 1}}
    expect:
      status: 202
      delivered: 1
      calls: [{server: default, method: POST, path: /api/events,
               headers: {Authorization: Bearer token}, body: {payload: {a: 1}}}]
)"),
            exit_status::ok)
      << out << err;
  EXPECT_THAT(out, AllOf(HasSubstr("✓ an order is delivered\n"),
                         HasSubstr("1 passed, 0 failed")));
}

TEST_F(test_command, shows_what_is_not_as_it_was_expected) {
  EXPECT_EQ(run(R"(
cases:
  - name: an order is taken
    sign: no
    request: {json: {a: 1}}
    expect: {status: 202, calls: [{path: /api/events}]}
)"),
            exit_status::not_accepted);
  EXPECT_THAT(out, AllOf(HasSubstr("✗ an order is taken\n"),
                         HasSubstr("a.cases.yaml:5\n"),
                         HasSubstr("      expected 202\n      got      401: {"),
                         HasSubstr("    calls\n      expected 1\n"),
                         HasSubstr("0 passed, 1 failed")));
}

TEST_F(test_command, refuses_old_and_wrong_signatures_as_a_node_does) {
  EXPECT_EQ(run(R"(
cases:
  - {name: old, skew: -6m, request: {json: 1}, expect: {status: 401, reason: bad_signature, calls: []}}
  - {name: in time, skew: -4m, request: {json: 1}, expect: {status: 202}}
  - {name: wrong, sign: wrong, request: {json: 1}, expect: {status: 401, reason: bad_signature}}
  - {name: near, endpoint: near, from: 192.0.2.7, request: {json: 1}, expect: {status: 202}}
  - {name: far, endpoint: near, from: 192.0.3.7, request: {json: 1}, expect: {status: 403}}
)"),
            exit_status::ok)
      << out << err;
}

TEST_F(test_command, takes_no_delivery_twice_until_the_window_has_passed) {
  EXPECT_EQ(run(R"(
cases:
  - name: twice
    steps:
      - {request: {headers: {X-Id: d-1}, json: 1}, expect: {status: 202}}
      - {request: {headers: {X-Id: d-1}, json: 1}, expect: {status: 200, reason: duplicate, calls: []}}
      - {after: 25h, request: {headers: {X-Id: d-1}, json: 1}, expect: {status: 202, delivered: 1}}
  - name: another case knows nothing of it
    request: {headers: {X-Id: d-1}, json: 1}
    expect: {status: 202}
)"),
            exit_status::ok)
      << out << err;
}

TEST_F(test_command, tries_again_as_a_node_does_in_no_time) {
  EXPECT_EQ(run(R"(
cases:
  - name: the third try
    stubs:
      - {operation: event, times: 1, status: 503, headers: {Retry-After: "4"}}
      - {operation: event, times: 1, fails: unreachable}
    request: {json: 1}
    expect: {status: 202, calls: [{}, {}, {}]}
  - name: none in time
    stubs: [{operation: event, fails: timeout}]
    request: {json: 1}
    expect: {status: 504, reason: upstream_timeout}
  - name: what was acknowledged is a dead letter after its retries
    endpoint: early
    stubs: [{operation: event, status: 503}]
    request: {json: {a: 1}}
    expect:
      status: 202
      body: {status: received}
      outcome: dead_lettered
      dead_letters: [{endpoint: early, server: default, body: {payload: {a: 1}}}]
)"),
            exit_status::ok)
      << out << err;
}

TEST_F(test_command, runs_taskflows_with_stubs_of_all_that_they_call) {
  files.write("flow.yaml", R"(
workflow_name: flow
global_configs: {secrets: {hook: {env: ORDERS_SECRET}}}
triggers:
  - {id: hook, type: webhook, config: {http_path: /flow, secret_ref: hook, signature: {scheme: hmac}}, target_taskflow: main}
  - {id: daily, type: schedule, config: {cron_expression: "0 3 * * *", timezone: UTC}, target_taskflow: other}
  - {id: by_hand, type: manual, target_taskflow: other}
taskflows:
  - taskflow_id: main
    tasks:
      - {id: pause, type: wait, config: {duration: 5s}}
      - {id: ask, type: ask_user, config: {question: "Well?", choices: ["yes", "no"]}, depends_on: pause}
      - {id: out, type: http_call, config: {url: "https://api.example.com/x", method: POST, body: {said: ask.result}}}
      - {id: tool, type: mfo_api_tool_execute, config: {tool_id: t, arguments: {got: out.result.body.n}}}
    output: {n: out.result.body.n, t: tool.result}
  - taskflow_id: other
    tasks: [{id: x, type: set, config: {value: 1}}]
    output: x.result
)");
  files.write("flows.yaml", "server_url: http://127.0.0.1:9\n"
                            "workflows: [flow.yaml]\n"
                            "http_call: {allow: [api.example.com]}\n");
  EXPECT_EQ(run(R"(
cases:
  - name: all of it
    endpoint: flow/hook
    answers: {ask: "yes"}
    replies: {tools: {t: {ok: true}}}
    stubs: [{url: "https://api.example.com/*", json: {n: 7}}]
    request: {json: {}}
    expect:
      runs: [{workflow: flow, taskflow: main, outcome: Succeeded, result: {n: 7, t: {ok: true}}}]
      calls:
        - {method: POST, url: "https://api.example.com/x", body: {said: "yes"}, exact: true}
        - {operation: tool, body: {got: 7}}
  - name: nobody is called without a stub
    endpoint: flow/hook
    answers: {ask: "yes"}
    request: {json: {}}
    expect: {runs: [{outcome: Errored, error: connect}]}
  - name: a tick
    tick: flow/daily
    expect: {runs: [{taskflow: other, outcome: Succeeded, result: 1}], calls: []}
  - name: by hand
    start: flow/other
    expect: {runs: [{taskflow: other, outcome: Succeeded}]}
)",
                "--config " + files / "flows.yaml"),
            exit_status::ok)
      << out << err;
}

TEST_F(test_command, has_what_nobody_answers_end_with_its_time) {
  files.write("flow.yaml", R"(
workflow_name: flow
global_configs: {secrets: {hook: {env: ORDERS_SECRET}}}
triggers:
  - {id: hook, type: webhook, config: {http_path: /flow, secret_ref: hook, signature: {scheme: hmac}}, target_taskflow: main}
taskflows:
  - taskflow_id: main
    tasks: [{id: ask, type: ask_user, config: {question: "Well?"}}]
)");
  files.write("flows.yaml", "server_url: http://127.0.0.1:9\n"
                            "workflows: [flow.yaml]\n");
  EXPECT_EQ(run("cases: [{name: a, request: {json: 1}, expect: {status: 504}}]",
                "--config " + files / "flows.yaml"),
            exit_status::ok)
      << out << err;
}

TEST_F(test_command, writes_a_report_for_ci_servers) {
  const auto report = files / "report.xml";
  EXPECT_EQ(run("cases: [{name: a, request: {json: 1}, expect: {status: 202}}, "
                "{name: b, request: {json: 1}, expect: {status: 200}}]",
                "--junit " + report),
            exit_status::not_accepted);
  std::stringstream text;
  text << std::ifstream{report}.rdbuf();
  EXPECT_THAT(text.str(), AllOf(HasSubstr("tests=\"2\" failures=\"1\""),
                                HasSubstr("status: expected 200, got 202")));
}

TEST_F(test_command, runs_those_alone_that_are_asked_for) {
  const std::string both =
      "cases: [{name: one order, request: {json: 1}, expect: {status: 202}}, "
      "{name: two orders, request: {json: 1}, expect: {status: 200}}]";
  EXPECT_EQ(run(both, "--filter one*"), exit_status::ok) << out;
  EXPECT_THAT(out, Not(HasSubstr("two orders")));
  EXPECT_EQ(run(both, "--filter three"), exit_status::usage);
}

TEST_F(test_command, shows_the_nodes_log_where_it_is_asked_for) {
  EXPECT_EQ(run("cases: [{name: a, request: {json: 1}, expect: {status: 202}}]",
                "--verbose"),
            exit_status::ok);
  EXPECT_THAT(out, HasSubstr("event delivered"));
}

TEST_F(test_command, tells_bad_files_from_those_that_are_not_there) {
  EXPECT_EQ(run("cases: [{nam: a}]"), exit_status::bad_config);
  EXPECT_THAT(err, HasSubstr("a.cases.yaml:3:10: cases[0].nam: "));
  EXPECT_EQ(run_command(files / "no-such.cases.yaml"), exit_status::no_input);
  files.write("a.cases.yaml", "cases: [{name: a, expect: {status: 1}}]");
  EXPECT_EQ(run_command(files / "."), exit_status::bad_config);
}

} // namespace

} // namespace mfo::node
