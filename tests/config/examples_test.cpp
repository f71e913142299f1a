#include "config/schema.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::HasSubstr;

std::string example(const std::string& name) {
  return MFO_SOURCE_DIR "/config/examples/" + name;
}

settings loaded(const std::string& name, const environment& variables) {
  auto result = load_file(example(name), variables);
  if (!result) {
    ADD_FAILURE() << to_string(result.error());
    return {};
  }
  return *std::move(result);
}

TEST(every_example, loads) {
  const auto variables = [](std::string_view) {
    return std::string("v");
  };
  int examples = 0;
  for (const auto& entry : std::filesystem::directory_iterator(example(""))) {
    SCOPED_TRACE(entry.path());
    // What an example makes of requests is told beside it.
    if (entry.path().string().ends_with(".cases.yaml"))
      continue;
    // The URL of a server is not a place for any text.
    const auto server =
        [&](std::string_view name) -> std::optional<std::string> {
      return name == "MFO_SERVER_URL" ? std::nullopt
                                      : std::optional(variables(name));
    };
    const auto result = load_file(entry.path().string(), server);
    EXPECT_TRUE(result) << to_string(result.error());
    ++examples;
  }
  EXPECT_GE(examples, 4);
}

TEST(quickstart, needs_only_the_secret) {
  const auto node = loaded("quickstart.yaml", only({{"WEBHOOK_SECRET", "s"}}));
  EXPECT_EQ(node.servers.at(0).url, "http://127.0.0.1:8090");
  ASSERT_EQ(node.endpoints.size(), 1U);
  EXPECT_EQ(node.endpoints[0].path, "/webhook");
}

TEST(github, needs_only_the_secret) {
  const auto node =
      loaded("github.yaml", only({{"GITHUB_WEBHOOK_SECRET", "s"}}));
  ASSERT_EQ(node.endpoints.size(), 1U);
  EXPECT_EQ(node.endpoints[0].signature.scheme, signature_scheme::github);
}

TEST(cluster, is_one_node_of_three_that_differ_by_variables) {
  for (const auto* name : {"node-a", "node-b"}) {
    const auto node = loaded(
        "cluster.yaml", only({{"WEBHOOK_SECRET", "s"}, {"NODE_NAME", name}}));
    EXPECT_EQ(node.node_name, name);
    EXPECT_EQ(node.cluster.advertise, (listen_address{name, 7420}));
    EXPECT_EQ(node.cluster.seeds.size(), 3U);
    EXPECT_EQ(node.cluster.tls.certificate,
              "/etc/mfo/cluster/" + std::string{name} + ".crt");
    ASSERT_EQ(node.endpoints.size(), 1U);
    EXPECT_FALSE(node.endpoints[0].placement.empty());
  }
}

void expect_every_key(const std::vector<key_spec>& keys,
                      const std::string& text) {
  for (const auto& spec : keys) {
    EXPECT_THAT(text, HasSubstr(spec.key + ":"));
    expect_every_key(spec.keys, text);
  }
}

TEST(the_full_example, has_every_key) {
  expect_every_key(file_table().keys, read_all(example("full.yaml")));
}

} // namespace

} // namespace mfo::config
