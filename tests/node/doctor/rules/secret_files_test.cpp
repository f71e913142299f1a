#include "node/doctor/rules/secret_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::node::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto config_file = "/etc/mfo/node.yaml";

std::vector<std::string> files_in(const std::string& text) {
  const auto document = config::parse_document(text, config_file);
  std::vector<std::string> found;
  for (const auto& each : find_secret_places(**document, config_file).files)
    found.push_back(each.subject + "=" + each.path);
  return found;
}

TEST(secret_places, are_files_of_secrets_and_private_keys) {
  EXPECT_THAT(
      files_in("webhook_secret_file: secrets/hook\n"
               "admin: {token_file: /run/token}\n"
               "tls: {certificate: tls.crt, key: tls.key, client_ca: ca.crt}\n"
               "servers: {a: {auth: {password_file: pw}, tls: {ca_file: ca, "
               "key_file: own.key}}}\n"
               "endpoints: [{signature: {secret_file: one}}]\n"),
      ElementsAre("webhook_secret_file=/etc/mfo/secrets/hook",
                  "admin.token_file=/run/token", "tls.key=/etc/mfo/tls.key",
                  "servers.a.auth.password_file=/etc/mfo/pw",
                  "servers.a.tls.key_file=/etc/mfo/own.key",
                  "endpoints[0].signature.secret_file=/etc/mfo/one"));
}

TEST(secret_places, have_the_configuration_where_a_secret_stands_in_it) {
  for (const auto* each :
       {"webhook_secret: 0f3a\n", "webhook_secret: [\"${A}\", 0f3a]\n",
        "dead_letters: [{type: redis, url: \"redis://:pw@host\"}]\n"})
    EXPECT_THAT(files_in(each), ElementsAre("config=/etc/mfo/node.yaml"))
        << each;
}

TEST(secret_places, are_not_in_what_variables_give_nor_in_plain_urls) {
  EXPECT_THAT(files_in("webhook_secret: ${A}\n"
                       "servers: {a: {url: https://mfo.example.com}}\n"
                       "endpoints: [{ordering_key: {header: X-Key}}]\n"),
              IsEmpty());
}

TEST(a_secret_file, is_good_where_its_group_alone_reads_it) {
  EXPECT_EQ(judge_secret_file({"tls.key", "/k"}, 0100640).how, verdict::ok);
}

TEST(a_secret_file, that_all_can_read_is_to_be_looked_at) {
  const auto found = judge_secret_file({"tls.key", "/k"}, 0100644);
  EXPECT_EQ(found.how, verdict::warning);
  EXPECT_THAT(found.text, HasSubstr("mode 0644"));
  EXPECT_THAT(found.remedy, HasSubstr("chmod 0640 /k"));
}

TEST(a_secret_file, that_all_can_change_fails) {
  EXPECT_EQ(judge_secret_file({"tls.key", "/k"}, 0100666).how, verdict::failed);
}

} // namespace
} // namespace mfo::node::doctor
