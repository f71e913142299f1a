#pragma once

#include "cluster/certificates/authority.hpp"
#include "cluster/certificates/issue.hpp"
#include "cluster/certificates/pem.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace mfo::cluster::certificates {

/// A folder for certificates, and the time.
class certificates_fixture : public testing::Test {
protected:
  using seconds = std::chrono::seconds;

  made make_ca(std::chrono::seconds lifetime = std::chrono::days{3650}) {
    const auto result = init_ca(ca, {"test", lifetime}, now);
    return take(result);
  }

  issued issue_node(const node_request& request) {
    return take(issue(ca, request, now));
  }

  /// What went well; else a failure of the test.
  template <class T>
  static T take(const expected<T>& result) {
    EXPECT_TRUE(result) << result.error().text;
    return result ? *result : T{};
  }

  template <class T>
  static std::string text_of_failure(const expected<T>& result) {
    return result ? "it went well" : result.error().text;
  }

  static std::string read(const std::string& path) {
    std::ostringstream all;
    all << std::ifstream{path, std::ios::binary}.rdbuf();
    return all.str();
  }

  static mode_t mode_of(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
    return found.st_mode & 07777;
  }

  std::vector<std::string> file_names(const std::string& path) const {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator{path})
      names.push_back(each.path().filename().string());
    return names;
  }

  /// What OpenSSL says of a certificate: X509_V_OK, or what is wrong.
  static int verify(const std::string& certificate, const std::string& trusted,
                    int purpose, std::chrono::sys_seconds at) {
    const auto leaf = read_certificate(certificate);
    const auto root = read_certificate(trusted);
    if (!leaf || !root)
      return X509_V_ERR_UNSPECIFIED;
    const std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>> store{
        X509_STORE_new()};
    X509_STORE_add_cert(store.get(), root->get());
    const std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>> check{
        X509_STORE_CTX_new()};
    X509_STORE_CTX_init(check.get(), store.get(), leaf->get(), nullptr);
    X509_STORE_CTX_set_flags(check.get(), X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_set_purpose(check.get(), purpose);
    X509_STORE_CTX_set_time(check.get(), 0, at.time_since_epoch().count());
    X509_verify_cert(check.get());
    return X509_STORE_CTX_get_error(check.get());
  }

  /// What the `openssl` program prints, and how it ends.
  struct answer {
    int status;
    std::string text;
  };
  static answer openssl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "/usr/bin/openssl");
    support::child_process program{arguments};
    const auto status = program.wait();
    return {status.value_or(-1), program.output() + program.errors()};
  }

  support::temporary_folder folder;
  const std::string ca = folder / "ca";
  /// 2026-11-28T12:00:00Z
  std::chrono::sys_seconds now{std::chrono::seconds{1'795'867'200}};
};

} // namespace mfo::cluster::certificates
