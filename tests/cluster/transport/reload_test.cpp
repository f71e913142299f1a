#include "tests/cluster/transport/test_node.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

namespace mfo::cluster::test {

namespace {

using kind = link_event::kind;
using testing::HasSubstr;

struct reload_test : testing::Test {
  /// Writes another certificate of this name over what `a` has.
  void renew(const std::string& name) const {
    const auto next = certificates.identity_of(name);
    certificates.folder().write("a.crt", next.certificate);
    certificates.folder().write("a.key", next.key);
  }

  certificates_of_nodes certificates;
  test_node a{settings_with(certificates.of("a"))};
  test_node b{settings_with(certificates.of("b"))};
};

TEST_F(reload_test, is_for_new_links_and_leaves_the_old_ones) {
  const auto old = b.dialled(a, "a");
  ASSERT_EQ(old.what, kind::linked) << old.text;
  renew("new-name");
  EXPECT_EQ(b.dialled(a, "new-name").reason, end_reason::wrong_name)
      << "not read yet";
  ASSERT_TRUE(a.link().reload());
  test_node c{settings_with(certificates.of("c"))};
  const auto fresh = c.dialled(a, "new-name");
  EXPECT_EQ(fresh.what, kind::linked) << fresh.text;
  EXPECT_TRUE(c.ask(fresh.gate));
  EXPECT_TRUE(b.ask(old.gate));
  EXPECT_EQ(b.count(kind::lost), 0u);
}

TEST_F(reload_test, of_a_key_that_cannot_be_read_keeps_the_old_one) {
  const auto key = certificates.folder() / "a.key";
  renew("new-name");
  certificates.folder().write("a.key", "this is no key");
  const auto result = a.link().reload();
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error(), HasSubstr("key file " + key));
  std::filesystem::remove(key);
  const auto gone = a.link().reload();
  ASSERT_FALSE(gone);
  EXPECT_THAT(gone.error(), HasSubstr(key + ": No such file or directory"));
  const auto linked = b.dialled(a, "a");
  EXPECT_EQ(linked.what, kind::linked) << linked.text;
}

TEST_F(reload_test, of_a_key_of_another_certificate_keeps_the_old_one) {
  certificates.folder().write("a.crt",
                              certificates.identity_of("a").certificate);
  const auto result = a.link().reload();
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error(), HasSubstr("it is not the key of"));
  EXPECT_EQ(b.dialled(a, "a").what, kind::linked);
}

TEST_F(reload_test, of_an_authority_that_is_none_keeps_the_old_one) {
  certificates.folder().write("a.ca", "nobody");
  const auto result = a.link().reload();
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error(),
              HasSubstr("CA file " + (certificates.folder() / "a.ca")));
  EXPECT_EQ(b.dialled(a, "a").what, kind::linked);
}

TEST_F(reload_test, tells_when_the_certificate_ends) {
  using namespace std::chrono_literals;
  const auto left =
      a.link().expires().value() - std::chrono::system_clock::now();
  EXPECT_GT(left, 50min);
  EXPECT_LT(left, 61min);
}

TEST_F(reload_test, is_nothing_without_tls) {
  test_node plain{settings_without_tls()};
  EXPECT_TRUE(plain.link().reload());
  EXPECT_EQ(plain.link().expires(), std::nullopt);
}

TEST_F(reload_test, finds_bad_files_at_the_start_too) {
  const auto gate = caf::actor_cast<caf::strong_actor_ptr>(
      a.system().spawn([](caf::event_based_actor*) {}));
  auto settings = settings_with(certificates.of("a"));
  settings.certificate = certificates.folder() / "absent";
  const auto opened = transport::open(a.system(), settings, gate, {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("certificate file"));
  settings = settings_with(certificates.of("a"), {});
  EXPECT_FALSE(transport::open(a.system(), settings, gate, {}));
}

TEST_F(reload_test, listens_where_nobody_else_does) {
  const auto gate = caf::actor_cast<caf::strong_actor_ptr>(
      a.system().spawn([](caf::event_based_actor*) {}));
  auto settings = settings_with(certificates.of("a"));
  settings.listen.port = b.link().bound_port();
  const auto opened = transport::open(a.system(), settings, gate, {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error(), HasSubstr("Address already in use"));
}

} // namespace

} // namespace mfo::cluster::test
