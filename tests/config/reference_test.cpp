#include "config/reference.hpp"

#include "config/schema.hpp"
#include "tests/config/fixture.hpp"

#include <gmock/gmock.h>

namespace mfo::config {

namespace {

using testing::HasSubstr;

template <class Visit>
void for_each_key(const std::vector<key_spec>& keys, const Visit& visit) {
  for (const auto& spec : keys) {
    visit(spec);
    for_each_key(spec.keys, visit);
  }
}

TEST(the_reference, is_current) {
  EXPECT_EQ(read_all(MFO_SOURCE_DIR "/docs/reference/configuration.md"),
            reference_markdown())
      << "the head of that file says how to make it anew";
}

TEST(the_reference, has_every_key_with_help_and_example) {
  const auto page = reference_markdown();
  for_each_key(file_table().keys, [&](const key_spec& spec) {
    SCOPED_TRACE(spec.key);
    EXPECT_THAT(page, HasSubstr(spec.key));
    EXPECT_FALSE(spec.type.empty());
    EXPECT_FALSE(spec.help.empty());
    if (spec.keys.empty()) {
      EXPECT_FALSE(spec.example.empty());
    }
  });
}

TEST(the_reference, marks_every_secret) {
  // A key of the file by its end, so that a new one is a decision.
  const std::vector<std::string> secret{"secret",   "secrets", "token",
                                        "password", "proxy",   "headers"};
  int secrets = 0;
  for_each_key(file_table().keys, [&](const key_spec& spec) {
    const auto ends = [&](const auto& word) {
      return spec.key.ends_with(word);
    };
    const bool with_password = spec.key == "url" && spec.type != "URL";
    EXPECT_EQ(spec.secret, with_password || std::ranges::any_of(secret, ends))
        << spec.key;
    secrets += spec.secret ? 1 : 0;
  });
  EXPECT_EQ(secrets, 11);
}

} // namespace

} // namespace mfo::config
