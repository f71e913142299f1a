// The files that a configuration names, as `check` finds them.

#include "tests/integration/fixture.hpp"
#include "tests/support/http_certificates.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace mfo::integration {

namespace {

using testing::HasSubstr;

struct result {
  std::optional<int> status;
  std::string out;
  std::string err;
};

result run(const std::vector<std::string>& words) {
  child_process program{words};
  const auto status = program.wait();
  return {status, program.output(), program.errors()};
}

/// The files of a configuration, all good to begin with.
class named_files : public testing::Test {
protected:
  named_files() {
    write(node, "node");
    folder.write("ca.pem", clients.certificate());
    folder.write("crl.pem", clients.revoke({}));
    folder.write("word", "a-secret-of-some-length");
    folder.write("schema.json", "{}");
    folder.write(
        "node.yaml",
        "listen: 127.0.0.1:0\n"
        "admin_listen: 127.0.0.1:0\n"
        "servers:\n"
        "  main:\n"
        "    url: https://127.0.0.1:1\n"
        "    auth: {type: bearer, token_file: word}\n"
        "    tls: {ca_file: ca.pem, crl_file: crl.pem, cert_file: node.pem, "
        "key_file: node.key}\n"
        "tls: {certificate: node.pem, key: node.key, client_ca: ca.pem, crl: "
        "crl.pem}\n"
        "admin: {token_file: word}\n"
        "endpoints:\n"
        "  - id: e\n"
        "    path: /e\n"
        "    signature: {secret_file: word}\n"
        "    expected_payload_schema: schema.json\n");
  }

  void write(const test::identity& own, const std::string& name) const {
    folder.write(name + ".pem", own.certificate);
    folder.write(name + ".key", own.key);
  }

  [[nodiscard]] result check() const {
    return run({binary, "check", "--config", folder / "node.yaml"});
  }

  void make_fifo(const std::string& name) const {
    std::filesystem::remove(folder / name);
    ASSERT_EQ(::mkfifo((folder / name).c_str(), 0600), 0);
  }

  support::temporary_folder folder;
  const test::authority clients;
  const test::identity node = clients.issue({{"IP:127.0.0.1"}});
};

TEST_F(named_files, are_good) {
  const auto got = check();
  EXPECT_EQ(got.status, 0) << got.err;
}

TEST_F(named_files, are_not_waited_for_when_they_are_pipes) {
  for (const auto* name :
       {"word", "schema.json", "ca.pem", "crl.pem", "node.pem", "node.key"}) {
    const auto good = folder / "good";
    std::filesystem::rename(folder / name, good);
    make_fifo(name);
    const auto got = check();
    EXPECT_EQ(got.status, 78) << name;
    EXPECT_THAT(got.err, HasSubstr(folder / name + ": is not a regular file"));
    std::filesystem::rename(good, folder / name);
  }
}

TEST_F(named_files, of_a_signature_are_not_waited_for_either) {
  make_fifo("word");
  const auto got = run({binary, "sign", "--secret-file", folder / "word"});
  EXPECT_EQ(got.status, 66);
  EXPECT_THAT(got.err, HasSubstr(folder / "word" + ": is not a regular file"));
}

/// What `run` would stumble over, one after the other.
TEST_F(named_files, of_tls_are_told_all_at_once) {
  const auto other = clients.issue({{"DNS:b"}});
  folder.write("node.key", other.key);
  folder.write("ca.pem", "nothing\n");
  std::filesystem::remove(folder / "crl.pem");
  const auto got = check();
  EXPECT_EQ(got.status, 78);
  EXPECT_EQ(got.out, "");
  for (const auto* section : {"8:6: tls", "7:10: servers.main.tls"}) {
    const auto line = folder / "node.yaml:" + section + ": cannot use ";
    EXPECT_THAT(got.err, HasSubstr(line + "the key file"));
    EXPECT_THAT(got.err, HasSubstr(line + "the CA file"));
    EXPECT_THAT(got.err, HasSubstr(line + "the CRL file"));
  }
  EXPECT_EQ(std::ranges::count(got.err, '\n'), 6) << got.err;
}

TEST_F(named_files, of_tls_are_both_told_to_be_missing) {
  std::filesystem::remove(folder / "node.pem");
  std::filesystem::remove(folder / "node.key");
  const auto line = folder / "node.yaml:8:6: tls: cannot use the ";
  const auto got = check();
  EXPECT_THAT(got.err, HasSubstr(line + "certificate file"));
  EXPECT_THAT(got.err, HasSubstr(line + "key file"));
}

TEST_F(named_files, may_be_links) {
  std::filesystem::rename(folder / "word", folder / "version-1");
  std::filesystem::create_symlink("version-1", folder / "word");
  EXPECT_EQ(check().status, 0);
}

TEST_F(named_files, do_not_include_the_configuration_which_may_be_a_pipe) {
  folder.write("short.yaml", "server_url: http://127.0.0.1:1\n"
                             "webhook_path: /webhook\nwebhook_secret: s\n");
  const auto got =
      run({"/bin/bash", "-c", "\"$0\" check --config <(cat \"$1\")", binary,
           folder / "short.yaml"});
  EXPECT_EQ(got.status, 0) << got.err;
  EXPECT_THAT(got.out, testing::EndsWith(": good\n"));
}

class a_node_with_files : public running_node {};

TEST_F(a_node_with_files, stops_although_one_has_become_a_pipe) {
  const test::authority ours;
  const auto own = ours.issue({{"IP:127.0.0.1"}});
  folder.write("node.pem", own.certificate);
  folder.write("node.key", own.key);
  start("tls: {certificate: node.pem, key: node.key}\n");
  std::filesystem::remove(folder / "node.key");
  ASSERT_EQ(::mkfifo((folder / "node.key").c_str(), 0600), 0);
  node->signal(SIGHUP);
  EXPECT_TRUE(node->wait_for_line("node.key: is not a regular file"));
  node->signal(SIGTERM);
  EXPECT_EQ(node->wait(), 0);
  node.reset(); // its log has the error that this is about
}

} // namespace

} // namespace mfo::integration
