#pragma once

#include "tests/integration/cluster/member.hpp"
#include "tests/integration/cluster/node_network.hpp"

#include <future>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mfo::integration {

/// All of a file.
[[nodiscard]] std::string read_file(const std::string& path);

/// Several real nodes with mutual TLS, and a stand-in server in this process.
/// Each has the endpoints /completed, /received and /replicated, called as what
/// they acknowledge. After each test the nodes that still run must have nothing
/// left, balance their books, end with 0 when told to, and have logged nothing
/// but JSON lines, none of them an error.
class a_cluster : public testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  /// Starts these nodes, and waits until all see each other.
  void start(const std::vector<member_plan>& plans);

  /// node-a, node-b, node-c, each of which can do all.
  void start_three();

  /// One that is not started. All that are there by then are seeds of it.
  member& add(const member_plan& plan);

  /// Its configuration as a file; its path.
  std::string write(const member& node) const;

  /// Starts it by itself.
  void launch(member& node, const std::vector<std::string>& wrapper = {});

  member& operator[](std::string_view name);

  /// Whether all that run come to see each other alive, each by a link, and
  /// have the same table.
  [[nodiscard]] bool
  becomes_whole(std::chrono::milliseconds longest = patience);

  /// Runs a command of the program to its end.
  struct ended {
    int status = -1;
    std::string out;
    std::string err;
  };
  static ended run(std::vector<std::string> words);

  /// The same, of a node's admin listener.
  ended run_at(const member& node, std::vector<std::string> words) const;

  /// Makes a certificate and key for a node with the cluster's authority.
  void issue(const std::string& name);

  /// Has the server take its time for what comes from now on, or answer as the
  /// text says.
  void set_faults(std::string_view json);

  /// Whether the server has every one of these events.
  [[nodiscard]] bool has_all(const std::vector<std::string>& ids) const;
  [[nodiscard]] std::set<std::string> ids_at_server() const;

  support::temporary_folder folder;
  std::unique_ptr<node_network> network; ///< null: all is on loopback
  std::unique_ptr<devserver::server> server;
  std::list<member> members;
  bool may_log_errors = false; ///< the test is about them

private:
  std::string configuration(const member& node) const;
  [[nodiscard]] bool is_whole();
  void expect_nothing_left(member& node);
  void expect_good_log(member& node) const;
};

/// The same in a network of its own, that can be harmed. Skipped where there
/// can be none.
class a_networked_cluster : public a_cluster {
protected:
  void SetUp() override;

  /// Whether all tables are equal within the 10 s that are promised, with the
  /// same processes as before.
  void expect_to_heal(const std::vector<std::string>& incarnations);
  [[nodiscard]] std::vector<std::string> incarnations() const;
};

/// Posts that are under way at the same time, each on a thread of its own.
class crowd {
public:
  /// `count` events to that path, with bodies that differ.
  void post(const member& to, const std::string& path, int count);

  /// Waits for all, each of which is to be answered 202; their events' ids.
  std::vector<std::string> ids();

private:
  std::vector<std::future<answer>> answers_;
  int number_ = 0;
};

} // namespace mfo::integration
