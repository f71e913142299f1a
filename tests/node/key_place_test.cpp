#include "node/key_place.hpp"

#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace mfo::node {

namespace {

class a_fault_of_a_key : public testing::Test {
protected:
  std::string line(const std::string& key) {
    return line_about(file_, {key, "is wrong"});
  }

  support::temporary_folder folder_;
  const std::string file_ =
      folder_.write("node.yaml", "listen: 127.0.0.1:0\n"
                                 "servers:\n"
                                 "  crm: {url: http://a, tls: {ca_file: x}}\n"
                                 "dead_letters:\n"
                                 "  - {name: disk, type: file, path: d}\n"
                                 "endpoints:\n"
                                 "  - id: orders\n"
                                 "    path: /orders\n");
};

TEST_F(a_fault_of_a_key, has_the_place_of_the_value) {
  EXPECT_EQ(line("listen"), file_ + ":1:9: listen: is wrong");
  EXPECT_EQ(line("servers.crm.tls"),
            file_ + ":3:29: servers.crm.tls: is wrong");
}

TEST_F(a_fault_of_a_key, finds_entries_of_lists_by_their_names_and_ids) {
  EXPECT_EQ(line("dead_letters.disk.path"),
            file_ + ":5:36: dead_letters.disk.path: is wrong");
  EXPECT_EQ(line("endpoints.orders.path"),
            file_ + ":8:11: endpoints.orders.path: is wrong");
}

TEST_F(a_fault_of_a_key, has_no_place_where_the_file_has_no_such_key) {
  EXPECT_EQ(line("admin_listen"), file_ + ": admin_listen: is wrong");
  EXPECT_EQ(line("listen.port"), file_ + ": listen.port: is wrong");
}

TEST_F(a_fault_of_a_key, has_none_without_a_file) {
  EXPECT_EQ(line_about("", {"listen", "is wrong"}), "listen: is wrong");
  EXPECT_EQ(line_about(folder_ / "none", {"listen", "is wrong"}),
            folder_ / "none" + ": listen: is wrong");
}

} // namespace

} // namespace mfo::node
