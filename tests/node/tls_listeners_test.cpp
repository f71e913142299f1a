#include "node/tls_listeners.hpp"

#include "tests/support/http_certificates.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace mfo::node {

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> faults_in(const config::settings& settings) {
  std::vector<std::string> all;
  for (const auto& each : check_tls_files(settings))
    all.push_back(line_about({}, each));
  return all;
}

class tls_files_of_a_cluster : public testing::Test {
protected:
  tls_files_of_a_cluster() {
    const auto own = ours_.issue({.names = {"DNS:node-a"}});
    settings_.node_name = "Node-A";
    settings_.cluster.name = "shop";
    settings_.cluster.tls.certificate =
        folder_.write("node-a.crt", own.certificate);
    settings_.cluster.tls.key = folder_.write("node-a.key", own.key);
    settings_.cluster.tls.ca = folder_.write("ca.crt", ours_.certificate());
  }

  support::temporary_folder folder_;
  test::authority ours_;
  config::settings settings_;
};

TEST_F(tls_files_of_a_cluster, are_good) {
  EXPECT_THAT(faults_in(settings_), IsEmpty());
}

TEST_F(tls_files_of_a_cluster, are_told_where_they_are_not) {
  settings_.cluster.tls.key = "no-such.key";
  settings_.cluster.tls.ca = folder_.write("junk.pem", "junk\n");
  EXPECT_THAT(faults_in(settings_),
              ElementsAre(HasSubstr("cluster.tls: cannot use the key file "
                                    "no-such.key"),
                          AllOf(HasSubstr("cluster.tls: "),
                                HasSubstr(settings_.cluster.tls.ca))));
}

TEST_F(tls_files_of_a_cluster, must_fit_one_another) {
  settings_.cluster.tls.key =
      folder_.write("other.key", ours_.issue({.names = {"DNS:node-b"}}).key);
  EXPECT_THAT(faults_in(settings_),
              ElementsAre(HasSubstr("not the key of the certificate")));
}

TEST_F(tls_files_of_a_cluster, must_be_of_this_node) {
  settings_.node_name = "node-b";
  EXPECT_THAT(faults_in(settings_),
              ElementsAre(AllOf(HasSubstr(settings_.cluster.tls.certificate),
                                HasSubstr("it is for node-a, and this node is "
                                          "node-b"))));
}

TEST_F(tls_files_of_a_cluster, are_not_looked_at_where_there_is_none) {
  settings_.cluster.tls.key = "no-such.key";
  settings_.cluster.tls.on = false;
  EXPECT_THAT(faults_in(settings_), IsEmpty());
  settings_.cluster = {};
  EXPECT_THAT(faults_in(settings_), IsEmpty());
}

} // namespace

} // namespace mfo::node
