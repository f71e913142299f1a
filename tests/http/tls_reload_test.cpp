// Certificates change while connections go on.

#include "tests/http/tls_fixture.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace mfo::http {

namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

struct a_tls_reload : tls_fixture {
  [[nodiscard]] std::string serial() const {
    return test::tls_client{port(), trusting()}.server_serial();
  }

  [[nodiscard]] double reloads(std::string_view result) const {
    return support::sum_of(observer.metrics->expose(), "mfo_tls_reloads_total",
                           "listener=\"events\",result=\"" +
                               std::string{result} + "\"");
  }

  [[nodiscard]] double expiry() const {
    return support::sum_of(observer.metrics->expose(),
                           "mfo_tls_certificate_expiry_seconds",
                           "listener=\"events\"");
  }

  test::identity next = ours.issue({{"IP:127.0.0.1"}, -3600s, 7200s});
};

TEST_F(a_tls_reload, shows_the_new_certificate_to_new_connections) {
  open_tls();
  test::tls_client old{port(), trusting()};
  EXPECT_THAT(old.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  write(next);
  EXPECT_TRUE(tls->reload_changed());
  EXPECT_TRUE(tls->reload_changed()) << "with nothing to do";
  EXPECT_NE(serial(), old.server_serial());
  EXPECT_THAT(old.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "))
      << "and keeps those that are open";
  EXPECT_EQ(reloads("ok"), 1);
}

TEST_F(a_tls_reload, keeps_the_old_when_a_file_is_half_written) {
  open_tls();
  const auto before = serial();
  files.write("node.pem",
              next.certificate.substr(0, next.certificate.size() / 2));
  EXPECT_FALSE(tls->reload());
  EXPECT_EQ(serial(), before);
  // Certificate and key are two files, and not replaced at one moment.
  files.write("node.pem", next.certificate);
  EXPECT_FALSE(tls->reload_changed());
  EXPECT_EQ(serial(), before);
  EXPECT_THAT(lines(), Contains(HasSubstr("it is not the key of")));
  files.write("node.key", next.key);
  EXPECT_TRUE(tls->reload_changed());
  EXPECT_NE(serial(), before);
  EXPECT_EQ(reloads("failed"), 2);
}

TEST_F(a_tls_reload, keeps_the_old_when_a_file_is_gone) {
  open_tls();
  const auto before = serial();
  std::filesystem::remove(settings.tls.key);
  EXPECT_FALSE(tls->reload_changed());
  EXPECT_EQ(serial(), before);
  EXPECT_THAT(lines(), Contains(HasSubstr("No such file")));
}

TEST_F(a_tls_reload, is_tried_again_until_it_goes_well) {
  open_tls();
  std::filesystem::remove(settings.tls.key);
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(tls->reload_changed());
  EXPECT_EQ(reloads("failed"), 3);
  EXPECT_EQ(std::ranges::count_if(lines(),
                                  [](const auto& line) {
                                    return line.find("tls not reloaded") !=
                                           line.npos;
                                  }),
            1)
      << "the reason is told once";
  files.write("node.key", node.key);
  EXPECT_TRUE(tls->reload_changed());
  EXPECT_EQ(reloads("ok"), 1);
}

TEST_F(a_tls_reload, sees_that_others_may_read_a_file_now) {
  open_tls();
  // Of a file that could not be read, nothing else changes.
  std::filesystem::permissions(settings.tls.key,
                               std::filesystem::perms::owner_read);
  EXPECT_TRUE(tls->reload_changed());
  EXPECT_EQ(reloads("ok"), 1);
}

TEST_F(a_tls_reload, sees_another_folder_behind_a_link) {
  for (const auto* version : {"v1", "v2"})
    std::filesystem::create_directory(files / version);
  files.write("v1/node.pem", node.certificate);
  files.write("v1/node.key", node.key);
  files.write("v2/node.pem", next.certificate);
  files.write("v2/node.key", next.key);
  std::filesystem::create_directory_symlink("v1", files / "now");
  settings.tls.certificate = files / "now/node.pem";
  settings.tls.key = files / "now/node.key";
  open_tls();
  const auto before = serial();
  std::filesystem::create_directory_symlink("v2", files / "new");
  std::filesystem::rename(files / "new", files / "now");
  EXPECT_TRUE(tls->reload_changed());
  EXPECT_NE(serial(), before);
}

TEST_F(a_tls_reload, tells_when_the_certificate_ends) {
  open_tls();
  const auto now = static_cast<double>(::time(nullptr));
  EXPECT_NEAR(expiry(), now + 3600, 30);
  write(next);
  tls->reload();
  EXPECT_NEAR(expiry(), now + 7200, 30);
}

TEST_F(a_tls_reload, refuses_from_now_on_who_was_revoked_just_now) {
  ask_clients();
  const auto client = clients.issue({{"DNS:billing"}});
  settings.tls.crl = files.write("crl.pem", clients.revoke({}));
  open_tls();
  test::tls_client live{port(), as(client)};
  EXPECT_THAT(live.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  let_it_read_on();
  files.write("crl.pem", clients.revoke({client.certificate}));
  EXPECT_TRUE(tls->reload_changed());
  expect_refused(as(client));
  expect_handshakes("certificate", 1);
  // It was waiting for this one, and takes it before it ends.
  EXPECT_THAT(live.post("/hook", "{}"), StartsWith("HTTP/1.1 202 "));
  EXPECT_EQ(live.read_all(), "");
  EXPECT_TRUE(live.told_of_end());
}

TEST_F(a_tls_reload, takes_no_ticket_of_before) {
  open_tls();
  auto options = trusting();
  options.newest = TLS1_2_VERSION;
  test::tls_client first{port(), options};
  options.resumed = SSL_get_session(first.session());
  ASSERT_TRUE(SSL_SESSION_has_ticket(options.resumed));
  tls->reload();
  test::tls_client second{port(), options};
  EXPECT_EQ(second.failure(), "");
  EXPECT_EQ(SSL_session_reused(second.session()), 0);
}

TEST_F(a_tls_reload, does_not_wait_for_a_fifo) {
  open_tls();
  const auto before = serial();
  for (const auto* name : {"node.pem", "node.key"}) {
    const std::string path = files / name;
    std::filesystem::remove(path);
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_FALSE(tls->reload_changed());
    EXPECT_THAT(lines(), Contains(HasSubstr(path + ": is not a regular file")));
    std::filesystem::remove(path);
    write(next);
  }
  EXPECT_TRUE(tls->reload());
  EXPECT_NE(serial(), before);
}

TEST(a_listener_with_tls, names_a_folder_and_a_device_for_what_they_are) {
  support::temporary_folder files;
  const test::authority ours;
  const auto own = ours.issue({{"DNS:a"}});
  config::listener_tls_settings good;
  good.certificate = files.write("one.pem", own.certificate);
  good.key = files.write("one.key", own.key);
  good.client_auth = config::client_auth_mode::require;
  good.client_ca = files.write("ca.pem", ours.certificate());
  ASSERT_TRUE(make_listener_context(good));
  using settings = config::listener_tls_settings;
  for (const auto member : {&settings::certificate, &settings::key,
                            &settings::client_ca, &settings::crl}) {
    auto tls = good;
    tls.*member = files / ".";
    EXPECT_THAT(make_listener_context(tls).error(),
                HasSubstr(files / "." + ": Is a directory"));
    tls.*member = "/dev/zero";
    EXPECT_THAT(make_listener_context(tls).error(),
                HasSubstr("/dev/zero: is not a regular file"));
  }
}

TEST(a_listener_with_tls, says_what_is_wrong_with_its_files) {
  support::temporary_folder files;
  const test::authority ours;
  const auto one = ours.issue({{"DNS:a"}});
  const auto other = ours.issue({{"DNS:b"}});
  config::listener_tls_settings tls;
  tls.certificate = files / "none.pem";
  tls.key = files.write("one.key", one.key);
  auto made = make_listener_context(tls);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error(), "cannot use the certificate file " + tls.certificate +
                              ": No such file or directory");
  tls.certificate = files.write("other.pem", other.certificate);
  made = make_listener_context(tls);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), StartsWith("cannot use the key file " + tls.key));
  EXPECT_THAT(made.error(), HasSubstr("give the key that this certificate"));
  tls.certificate = files.write("one.pem", one.certificate);
  tls.client_auth = config::client_auth_mode::require;
  tls.client_ca = files.write("ca.pem", "nothing\n");
  made = make_listener_context(tls);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), StartsWith("cannot use the CA file "));
  tls.client_ca = files.write("ca.pem", ours.certificate());
  tls.crl = files.write("crl.pem", "nothing\n");
  made = make_listener_context(tls);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error(), StartsWith("cannot use the CRL file "));
}

} // namespace

} // namespace mfo::http
