#include "node/command_cluster.hpp"

#include "tests/support/temporary_folder.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace mfo::node {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Runs `mfo-node cluster` in this process.
class cluster_command : public testing::Test {
protected:
  exit_status run(std::vector<std::string> words) {
    CLI::App app;
    auto status = exit_status::gave_up;
    command_action chosen;
    add_cluster_command(app, chosen, [this] { return now; });
    words.insert(words.begin(), "cluster");
    std::ranges::reverse(words); // as CLI11 wants them
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    try {
      app.parse(std::move(words));
      status = chosen();
    } catch (const CLI::ParseError&) {
      status = exit_status::usage;
    }
    std::fflush(stdout);
    out = testing::internal::GetCapturedStdout();
    err = testing::internal::GetCapturedStderr();
    return status;
  }

  exit_status init_ca() {
    return run({"init-ca", "--folder", ca});
  }

  exit_status issue(std::vector<std::string> words) {
    words.insert(words.begin(), {"issue", "--folder", ca});
    return run(std::move(words));
  }

  json show_json(const std::string& file) {
    EXPECT_EQ(run({"show", "--format", "json", file}), exit_status::ok) << err;
    return json::parse(out);
  }

  support::temporary_folder folder;
  const std::string ca = folder / "ca";
  std::chrono::sys_seconds now{1'795'867'200s}; ///< 2026-11-28T12:00:00Z
  std::string out;
  std::string err;
};

TEST_F(cluster_command, makes_a_ca_and_says_what_it_is_for) {
  EXPECT_EQ(init_ca(), exit_status::ok) << err;
  EXPECT_EQ(out, ca +
                     "/ca.crt: CN=mfo cluster CA, until "
                     "2036-11-25T12:00:00.000Z (3650 days)\n" +
                     ca +
                     "/ca.key: its key; whoever has it can make nodes, so "
                     "keep it off them\n");
  EXPECT_EQ(err, "");
}

TEST_F(cluster_command, makes_a_ca_with_a_name_and_a_lifetime) {
  EXPECT_EQ(run({"init-ca", "--folder", ca, "--cluster", "eu", "--days", "10"}),
            exit_status::ok);
  EXPECT_THAT(out, HasSubstr("CN=eu cluster CA, until "
                             "2026-12-08T12:00:00.000Z (10 days)\n"));
}

TEST_F(cluster_command, never_overwrites_a_ca) {
  init_ca();
  EXPECT_EQ(init_ca(), exit_status::cannot_start);
  EXPECT_THAT(err, AllOf(StartsWith("mfo-node cluster init-ca: " + ca +
                                    "/ca.crt: already exists"),
                         HasSubstr("; give another folder")));
  EXPECT_EQ(out, "");
}

TEST_F(cluster_command, issues_a_node_with_its_names) {
  init_ca();
  EXPECT_EQ(issue({"n1", "--san", "n1.example.com,10.0.0.1", "--san", "::1"}),
            exit_status::ok)
      << err;
  EXPECT_EQ(out, ca +
                     "/n1.crt: CN=n1, DNS:n1, DNS:n1.example.com, "
                     "IP:10.0.0.1, IP:::1, until 2027-02-26T12:00:00.000Z "
                     "(90 days)\n" +
                     ca + "/n1.key: its key, for this node alone\n");
  EXPECT_EQ(err, "");
}

TEST_F(cluster_command, takes_the_name_before_and_after_options) {
  init_ca();
  EXPECT_EQ(issue({"--san", "a", "n1"}), exit_status::ok) << err;
  EXPECT_THAT(out, HasSubstr("n1.crt: CN=n1, DNS:n1, DNS:a, until"));
}

TEST_F(cluster_command, issues_a_node_into_another_folder) {
  init_ca();
  EXPECT_EQ(issue({"n1", "--out", folder / "n1"}), exit_status::ok) << err;
  EXPECT_TRUE(std::filesystem::exists(folder / "n1/n1.key"));
  EXPECT_FALSE(std::filesystem::exists(ca + "/n1.key"));
}

TEST_F(cluster_command, says_that_a_certificate_ends_with_the_ca) {
  run({"init-ca", "--folder", ca, "--days", "30"});
  EXPECT_EQ(issue({"n1"}), exit_status::ok);
  EXPECT_THAT(out, HasSubstr("until 2026-12-28T12:00:00.000Z (30 days)"));
  EXPECT_EQ(err, "It is valid for less than 90 days, as the CA is valid no "
                 "longer.\n");
}

TEST_F(cluster_command, renews_only_what_it_is_told_to) {
  init_ca();
  issue({"n1", "--san", "10.0.0.1"});
  EXPECT_EQ(issue({"n1"}), exit_status::cannot_start);
  EXPECT_THAT(err, HasSubstr("--renew makes a new certificate"));
  now += 24h;
  EXPECT_EQ(issue({"n1", "--renew"}), exit_status::ok) << err;
  EXPECT_THAT(out, AllOf(HasSubstr("DNS:n1, IP:10.0.0.1, until 2027-02-27T"),
                         HasSubstr("n1.key: its key, as before\n")));
}

TEST_F(cluster_command, refuses_hostile_names_as_a_mistake_of_the_user) {
  init_ca();
  for (const auto* name : {"../x", "", "a\nb", "ca", "-x", "*"})
    EXPECT_EQ(issue({"--", name}), exit_status::usage) << name;
  EXPECT_EQ(issue({std::string(65, 'x')}), exit_status::usage);
  EXPECT_THAT(err, StartsWith("mfo-node cluster issue: a node's name is 1 to"));
  EXPECT_EQ(issue({"n1", "--san", "*.example.com"}), exit_status::usage);
  EXPECT_EQ(run({"init-ca", "--folder", folder / "b", "--cluster", "a b"}),
            exit_status::usage);
  EXPECT_FALSE(std::filesystem::exists(folder / "b"));
}

TEST_F(cluster_command, refuses_days_that_are_none) {
  for (const auto* days :
       {"0", "-1", "36501", "1.5", "soon", "99999999999999999999"})
    EXPECT_EQ(run({"init-ca", "--folder", ca, "--days", days}),
              exit_status::usage)
        << days;
  EXPECT_FALSE(std::filesystem::exists(ca));
}

TEST_F(cluster_command, needs_a_ca_to_issue) {
  EXPECT_EQ(issue({"n1"}), exit_status::cannot_start);
  EXPECT_THAT(err, HasSubstr("ca.crt: cannot be found; give the folder"));
}

TEST_F(cluster_command, shows_certificates_as_a_table) {
  init_ca();
  issue({"n1", "--san", "10.0.0.1"});
  now += 24h * 91;
  EXPECT_EQ(run({"show", ca + "/ca.crt", ca + "/n1.crt"}), exit_status::ok);
  const std::string fill(ca.size(), ' ');
  EXPECT_EQ(out,
            "FILE     " + fill +
                "SUBJECT            ISSUER             NOT AFTER               "
                "  DAYS LEFT  NAMES\n" +
                ca +
                "/ca.crt  CN=mfo cluster CA  CN=mfo cluster CA  "
                "2036-11-25T12:00:00.000Z  3559       \n" +
                ca +
                "/n1.crt  CN=n1              CN=mfo cluster CA  "
                "2027-02-26T12:00:00.000Z  -1         DNS:n1, IP:10.0.0.1\n");
}

TEST_F(cluster_command, shows_certificates_as_json) {
  init_ca();
  issue({"n1", "--san", "10.0.0.1"});
  const auto shown = show_json(ca + "/n1.crt");
  EXPECT_EQ(shown, json::parse(R"([{
    "subject": "CN=n1", "issuer": "CN=mfo cluster CA",
    "names": ["DNS:n1", "IP:10.0.0.1"],
    "not_before": "2026-11-28T11:00:00.000Z",
    "not_after": "2027-02-26T12:00:00.000Z",
    "days_left": 90,
    "file": ")" + ca + R"(/n1.crt"}])"));
}

TEST_F(cluster_command, shows_what_it_can_and_complains_of_the_rest) {
  init_ca();
  const auto bad = folder.write("bad.crt", "bad");
  EXPECT_EQ(run({"show", bad, ca + "/ca.crt", folder / "missing"}),
            exit_status::no_input);
  EXPECT_THAT(out, HasSubstr("CN=mfo cluster CA"));
  EXPECT_THAT(
      err, AllOf(HasSubstr("cluster show: " + bad + ": holds no certificate"),
                 HasSubstr("missing: No such file")));
  EXPECT_EQ(run({"show", "--format", "json", bad}), exit_status::no_input);
  EXPECT_EQ(json::parse(out), json::array());
}

TEST_F(cluster_command, needs_to_be_told_what_to_do) {
  EXPECT_EQ(run({}), exit_status::usage);
  EXPECT_EQ(run({"show"}), exit_status::usage);
  EXPECT_EQ(run({"issue"}), exit_status::usage);
  EXPECT_EQ(run({"show", "x", "--format", "xml"}), exit_status::usage);
  EXPECT_THAT(out, IsEmpty());
}

} // namespace
} // namespace mfo::node
