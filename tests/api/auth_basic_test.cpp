#include "api/auth_basic.hpp"

#include "tests/api/fake_files.hpp"

#include <gmock/gmock.h>

namespace mfo::api {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::Pair;

config::auth_settings user(std::string name, std::string password,
                           std::string file = {}) {
  config::auth_settings settings;
  settings.username = std::move(name);
  settings.password = {config::secret{std::move(password)}, std::move(file)};
  return settings;
}

// RFC 7617, sections 2 and 2.1.
TEST(basic_auth, sends_what_the_standard_s_examples_send) {
  EXPECT_EQ(basic_credentials("Aladdin", "open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  EXPECT_EQ(basic_credentials("test", "123\u00A3"), "Basic dGVzdDoxMjPCow==");
}

TEST(basic_auth, sends_name_and_password) {
  const auto who = make_basic_auth(user("Aladdin", "open sesame"), {});
  ASSERT_TRUE(who) << who.error();
  EXPECT_THAT(
      (*who)->credentials({})->headers,
      ElementsAre(Pair("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")));
  EXPECT_FALSE((*who)->refused(1, {}));
}

TEST(basic_auth, takes_the_password_of_a_file_that_has_changed) {
  fake_files files;
  files.write("/password", "a");
  const auto who =
      *make_basic_auth(user("u", "a", "/password"), files.reader());
  const auth_provider::time now{seconds{1000}};
  const auto first = who->credentials(now);
  files.write("/password", "b");
  EXPECT_TRUE(who->refused(first->generation, now + seconds{1}));
  EXPECT_THAT(who->credentials(now + seconds{1})->headers,
              ElementsAre(Pair("Authorization", basic_credentials("u", "b"))));
}

TEST(basic_auth, refuses_what_the_standard_refuses) {
  EXPECT_EQ(make_basic_auth(user("", "p"), {}).error(),
            "the user name is missing");
  EXPECT_EQ(make_basic_auth(user("a:b", "p"), {}).error(),
            "the user name has a colon");
  EXPECT_EQ(make_basic_auth(user("a\n", "p"), {}).error(),
            "the user name has a control character");
  EXPECT_EQ(make_basic_auth(user("a", "p\n"), {}).error(),
            "the password has a control character");
  EXPECT_EQ(make_basic_auth(user("a", ""), {}).error(),
            "the password is missing");
}

} // namespace
} // namespace mfo::api
