#include "tests/integration/cluster/cluster_fixture.hpp"
#include "tests/support/http_certificates.hpp"

#include <csignal>
#include <filesystem>

namespace mfo::integration {
namespace {

using testing::HasSubstr;

/// Two nodes that are well, and a third one that has something wrong. It is
/// kept out, both sides say why, and the two notice nothing.
class a_cluster_with_certificates : public a_cluster {
protected:
  void SetUp() override {
    a_cluster::SetUp();
    for (const auto* name : {"node-a", "node-b"})
      write_files("good", name, ours_, ours_);
    // What one takes in is run by the other.
    start({{.name = "node-a", .roles = "intake", .certificates = good()},
           {.name = "node-b",
            .roles = "runner, connector",
            .certificates = good()}});
  }

  void TearDown() override {
    if (members.size() < 2)
      return;
    EXPECT_EQ(members.front().post("/completed", "1").status, 202);
    EXPECT_TRUE((*this)["node-a"].has_kept("node-b"));
    EXPECT_TRUE((*this)["node-b"].has_kept("node-a"));
    a_cluster::TearDown();
  }

  std::string good() const {
    return folder / "good";
  }

  /// NAME.crt, NAME.key and ca.crt.
  std::string write_files(const std::string& where, const std::string& name,
                          const test::authority& issuer,
                          const test::authority& trusted,
                          test::certificate_request request = {}) const {
    request.names = {"DNS:" + name};
    request.common_name = name;
    const auto made = issuer.issue(request);
    folder.write(where + "/" + name + ".crt", made.certificate);
    folder.write(where + "/" + name + ".key", made.key);
    folder.write(where + "/ca.crt", trusted.certificate());
    return folder / where;
  }

  /// Starts a third one, and waits until the first of the two, and it, have
  /// said why it is not let in.
  void expect_refused(member_plan plan, const std::string& here,
                      const std::string& there) {
    auto& stranger = add(std::move(plan));
    launch(stranger);
    ASSERT_TRUE(stranger.becomes_ready());
    EXPECT_TRUE(says(members.front(), here))
        << "\"" << here << "\" is not in\n"
        << members.front().process().output();
    EXPECT_TRUE(says(stranger, there)) << "\"" << there << "\" is not in\n"
                                       << stranger.process().output();
    EXPECT_EQ(members.front().sum("mfo_cluster_links"), 1);
    EXPECT_EQ(stranger.sum("mfo_cluster_links"), 0);
    EXPECT_EQ(stranger.sum("mfo_cluster_members"), 1);
  }

  static bool says(member& node, const std::string& text) {
    return node.process()
        .wait_for_line([&](const std::string& line) {
          return (line.find("\"link ended\"") != line.npos ||
                  line.find("\"peer not reached\"") != line.npos) &&
                 line.find(text) != line.npos;
        })
        .has_value();
  }

  test::authority ours_;
  test::authority other_;
};

TEST_F(a_cluster_with_certificates, refuses_one_of_an_authority_unknown_to_it) {
  expect_refused(
      {.name = "stranger",
       .certificates = write_files("bad", "stranger", other_, ours_)},
      "CA", "CA");
}

TEST_F(a_cluster_with_certificates, is_refused_by_a_node_of_another_cluster) {
  expect_refused(
      {.name = "stranger",
       .certificates = write_files("bad", "stranger", other_, other_)},
      "not of the peer's CA", "not of this cluster's CA");
}

TEST_F(a_cluster_with_certificates, refuses_one_that_is_out_of_date) {
  expect_refused(
      {.name = "stranger",
       .certificates = write_files("bad", "stranger", ours_, ours_,
                                   {.names = {},
                                    .valid_from = std::chrono::hours{-2},
                                    .valid_to = std::chrono::hours{-1}})},
      "certificate has expired", "out of date");
}

TEST_F(a_cluster_with_certificates, has_no_node_with_the_one_of_another) {
  write_files("bad", "another", ours_, ours_);
  auto& stranger = add({.name = "stranger",
                        .certificates = folder / "bad",
                        .certificate_of = "another"});
  launch(stranger);
  EXPECT_NE(stranger.process().wait(), 0);
  EXPECT_THAT(stranger.process().errors(),
              HasSubstr(folder / "bad/another.crt: it is for another, and "
                                 "this node is stranger"));
}

TEST_F(a_cluster_with_certificates, refuses_a_node_of_a_cluster_of_other_name) {
  expect_refused({.name = "stranger",
                  .cluster = "other",
                  .certificates = write_files("bad", "stranger", ours_, ours_)},
                 R"(of cluster \"other\")", R"(of cluster \"shop\")");
}

TEST_F(a_cluster_with_certificates, keeps_what_it_has_when_a_new_key_is_bad) {
  may_log_errors = true;
  auto& node = members.front();
  const auto key = folder / "good/node-a.key";
  const auto aside = key + ".aside";
  std::filesystem::rename(key, aside);
  folder.write("good/node-a.key", "this is no key");
  node.signal(SIGHUP);
  const auto* const told = "tls not reloaded; the former files stay in force";
  ASSERT_TRUE(node.process().wait_for_line(told));
  EXPECT_THAT(node.logged(told).front()["reason"].dump(), HasSubstr(key));
  EXPECT_EQ(node.sum("mfo_cluster_links"), 1);
  // It is still who it was, for those who come.
  write_files("good", "node-c", ours_, ours_);
  auto& late = add({.name = "node-c", .certificates = good()});
  launch(late);
  ASSERT_TRUE(late.becomes_ready());
  EXPECT_TRUE(becomes_whole());
  std::filesystem::rename(aside, key);
  const auto before = node.logged(told).size();
  node.signal(SIGHUP);
  ASSERT_TRUE(
      wait_until([&] { return node.logged("reload asked for").size() == 2; }));
  EXPECT_EQ(node.logged(told).size(), before);
}

TEST_F(a_cluster, moves_to_another_authority_as_it_runs) {
  // One file changes after the other: for a moment a key may be of no use.
  may_log_errors = true;
  start({{.name = "node-a"}, {.name = "node-b"}});
  const auto make = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--folder", folder / "new"});
    const auto made = run(std::move(words));
    ASSERT_EQ(made.status, 0) << made.err;
  };
  make({"cluster", "init-ca", "--cluster", "shop"});
  for (const auto* name : {"node-a", "node-b", "node-c"})
    make({"cluster", "issue", name});
  // It trusts the new one alone.
  auto& late = add({.name = "node-c", .certificates = folder / "new"});
  launch(late);
  ASSERT_TRUE(late.becomes_ready());
  EXPECT_TRUE(late.process().wait_for_line("not of this cluster's CA"));
  const auto renew = [&](const std::string& file, const std::string& before) {
    folder.write("ca/" + file + ".new",
                 before + read_file(folder / ("new/" + file)));
    std::filesystem::rename(folder / ("ca/" + file + ".new"),
                            folder / ("ca/" + file));
  };
  renew("ca.crt", read_file(folder / "ca/ca.crt"));
  for (const std::string name : {"node-a", "node-b"})
    for (const auto* kind : {".key", ".crt"})
      renew(name + kind, "");
  // Nobody is told to look.
  EXPECT_TRUE(becomes_whole());
  EXPECT_TRUE((*this)["node-a"].has_kept("node-b"));
  EXPECT_TRUE((*this)["node-b"].has_kept("node-a"));
}

} // namespace
} // namespace mfo::integration
