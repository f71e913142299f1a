#include "tests/cluster/transport/raw_peer.hpp"
#include "tests/integration/cluster/cluster_fixture.hpp"
#include "tests/support/tls_client.hpp"

namespace mfo::integration {
namespace {

using cluster::test::raw_peer;

/// Two nodes, and those who connect to the cluster port of one of them without
/// being any. Whatever they do, the link of the two stays, and works.
class the_cluster_port : public a_cluster {
protected:
  void SetUp() override {
    a_cluster::SetUp();
    // What one takes in is run by the other.
    start({{.name = "node-a", .roles = "intake"},
           {.name = "node-b", .roles = "runner, connector"}});
    resident_ = asked().resident();
  }

  void TearDown() override {
    if (members.size() < 2)
      return;
    EXPECT_EQ(asked().post("/completed", "1").status, 202);
    EXPECT_TRUE(members.front().has_kept("node-b"));
    EXPECT_TRUE(members.back().has_kept("node-a"));
    EXPECT_LT(asked().resident(), resident_ + (32u << 20));
    a_cluster::TearDown();
  }

  member& asked() {
    return members.front();
  }

  raw_peer stranger() {
    return raw_peer{{"127.0.0.1", asked().cluster_port()}};
  }

  /// One with a certificate of the cluster's authority.
  test::tls_client_options insider() {
    issue("insider");
    return {.trusted = read_file(folder / "ca/ca.crt"),
            .own = {read_file(folder / "ca/insider.crt"),
                    read_file(folder / "ca/insider.key")}};
  }

  [[nodiscard]] bool comes_to_count(const std::string& reason, int times) {
    return wait_until([&] {
      return asked().sum("mfo_cluster_links_ended_total",
                         "reason=\"" + reason + "\"") == times;
    });
  }

  /// The two may have dialled each other at once, which has a line, too.
  [[nodiscard]] std::vector<nlohmann::json> lines_of_strangers() {
    auto lines = asked().logged("link ended");
    std::erase_if(lines, [](const auto& each) { return each["node"] != ""; });
    return lines;
  }

  /// Its log says why somebody was refused.
  [[nodiscard]] bool comes_to_log(const std::string& text) {
    return asked()
        .process()
        .wait_for_line([&](const std::string& line) {
          return line.find("\"link ended\"") != line.npos &&
                 line.find(text) != line.npos;
        })
        .has_value();
  }

private:
  std::size_t resident_ = 0;
};

TEST_F(the_cluster_port, closes_on_garbage) {
  const std::string garbage(1u << 20, '\xa5');
  for (int i = 0; i < 100; ++i) {
    auto peer = stranger();
    peer.write(garbage);
    EXPECT_TRUE(peer.sees_the_end());
  }
  EXPECT_TRUE(comes_to_count("not_tls", 100));
}

TEST_F(the_cluster_port, logs_no_more_than_ten_strangers_a_second) {
  constexpr int strangers = 50;
  const auto begin = std::chrono::steady_clock::now();
  const auto come = [this] {
    auto peer = stranger();
    peer.write("x");
    EXPECT_TRUE(peer.sees_the_end());
  };
  for (int i = 0; i < strangers; ++i)
    come();
  ASSERT_TRUE(comes_to_count("not_tls", strangers));
  const auto begun = std::chrono::ceil<std::chrono::seconds>(
      std::chrono::steady_clock::now() - begin);
  const auto lines = lines_of_strangers().size();
  EXPECT_GE(lines, 10u);
  EXPECT_LE(lines, 10u * static_cast<std::size_t>(begun.count() + 1));
  // The next line says how many had none.
  int all = strangers;
  EXPECT_TRUE(wait_until([&] {
    come();
    ++all;
    return lines_of_strangers().back()["left_out"] > 0;
  }));
  std::size_t told = 0;
  for (const auto& each : lines_of_strangers())
    told += 1 + each["left_out"].get<std::size_t>();
  EXPECT_LE(told, static_cast<std::size_t>(all));
  EXPECT_GE(told, static_cast<std::size_t>(strangers));
}

TEST_F(the_cluster_port, closes_on_an_http_request_and_says_why) {
  auto peer = stranger();
  peer.write("GET / HTTP/1.1\r\nHost: node-a\r\n\r\n");
  EXPECT_TRUE(peer.sees_the_end());
  EXPECT_TRUE(comes_to_count("not_tls", 1));
  EXPECT_TRUE(comes_to_log("not TLS: it begins with the byte 0x47"));
}

TEST_F(the_cluster_port, closes_on_the_silent_who_cost_nothing) {
  const auto before = asked().sum("process_cpu_seconds_total");
  std::vector<std::unique_ptr<raw_peer>> silent;
  for (int i = 0; i < 40; ++i)
    silent.push_back(std::make_unique<raw_peer>(
        config::listen_address{"127.0.0.1", asked().cluster_port()}));
  for (auto& each : silent)
    EXPECT_TRUE(each->sees_the_end());
  EXPECT_TRUE(wait_until([this] {
    const auto page = asked().metrics();
    return sum_of(page, "mfo_cluster_links_ended_total", "\"silent\"") +
               sum_of(page, "mfo_cluster_links_ended_total", "\"crowded\"") ==
           40;
  }));
  // They were there for two seconds.
  EXPECT_LT(asked().sum("process_cpu_seconds_total") - before, 1);
}

TEST_F(the_cluster_port, closes_on_one_without_a_certificate) {
  test::tls_client client{asked().cluster_port(),
                          {.trusted = read_file(folder / "ca/ca.crt")}};
  EXPECT_EQ(client.read_some(), "");
  EXPECT_TRUE(comes_to_count("no_certificate", 1));
  EXPECT_TRUE(comes_to_log("it shows no certificate"));
}

TEST_F(the_cluster_port, believes_no_header_that_announces_two_gigabytes) {
  test::tls_client client{asked().cluster_port(), insider()};
  ASSERT_EQ(client.failure(), "");
  std::string header(32, '\0');
  header[0] = 1;
  header[4] = '\x7f';
  ASSERT_TRUE(client.write(header));
  EXPECT_EQ(client.read_some(), "");
  EXPECT_TRUE(comes_to_count("bad_frame", 1));
}

TEST_F(the_cluster_port, survives_the_header_that_ends_caf) {
  test::tls_client client{asked().cluster_port(), insider()};
  ASSERT_TRUE(client.write("\x01" + std::string(31, '\0')));
  EXPECT_EQ(client.read_some(), "");
  EXPECT_TRUE(comes_to_count("bad_frame", 1));
}

} // namespace
} // namespace mfo::integration
