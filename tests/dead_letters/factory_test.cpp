#include "dead_letters/factory.hpp"

#include "tests/dead_letters/letters.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::dead_letters {
namespace {

using config::dead_letter_sink;
using config::dead_letter_sink_settings;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

dead_letter_sink_settings settings_of(dead_letter_sink type, std::string url) {
  dead_letter_sink_settings settings;
  settings.name = "mine";
  settings.type = type;
  settings.url = config::secret{std::move(url)};
  return settings;
}

TEST(factory, makes_a_sink_and_a_reader_of_one_place) {
  const support::temporary_folder folder;
  auto settings = settings_of(dead_letter_sink::file, "");
  settings.path = folder / "letters";
  const auto to = make_sink(settings);
  ASSERT_TRUE(to) << to.error();
  ASSERT_TRUE(is_done((*to)->write(sample_letters(1, 3))));
  const auto from = make_reader(settings);
  ASSERT_TRUE(from) << from.error();
  EXPECT_THAT(read_all(**from).letters, SizeIs(2));
}

TEST(factory, connects_to_nothing_yet) {
  EXPECT_TRUE(make_sink(
      settings_of(dead_letter_sink::redis, "redis://:p@192.0.2.1:1/3")));
  EXPECT_TRUE(
      make_sink(settings_of(dead_letter_sink::amqp, "amqp://u:p@192.0.2.1/v")));
  EXPECT_TRUE(make_sink(
      settings_of(dead_letter_sink::http, "https://192.0.2.1/letters?key=1")));
  EXPECT_TRUE(
      make_reader(settings_of(dead_letter_sink::redis, "redis://192.0.2.1")));
  EXPECT_TRUE(
      make_reader(settings_of(dead_letter_sink::amqp, "amqp://192.0.2.1")));
}

TEST(factory, names_the_sink_and_what_is_wrong_and_quotes_nothing) {
  const std::pair<dead_letter_sink_settings, const char*> rows[] = {
      {settings_of(dead_letter_sink::file, "SECRET"), "path"},
      {settings_of(dead_letter_sink::redis, "SECRET"), "redis://"},
      {settings_of(dead_letter_sink::redis, "redis://:SECRET@h/x"), "database"},
      {settings_of(dead_letter_sink::amqp, "http://:SECRET@h/x"), "amqp://"},
      {settings_of(dead_letter_sink::http, "http://u:SECRET@h/x"), "password"},
      {settings_of(dead_letter_sink::http, "SECRET"), "URL"},
  };
  for (const auto& [settings, part] : rows) {
    const auto made = make_sink(settings);
    ASSERT_FALSE(made);
    EXPECT_THAT(made.error(), HasSubstr("dead-letter sink mine: "));
    EXPECT_THAT(made.error(), HasSubstr(part));
    EXPECT_THAT(made.error(), Not(HasSubstr("SECRET")));
    EXPECT_FALSE(make_reader(settings));
  }
}

TEST(factory, says_that_what_is_posted_cannot_be_read) {
  const auto settings = settings_of(dead_letter_sink::http, "http://h/");
  EXPECT_FALSE(is_readable(settings));
  EXPECT_THAT(make_reader(settings).error(), HasSubstr("cannot be read"));
}

TEST(factory, makes_all_sinks_in_their_order_or_none) {
  config::dead_letter_settings all;
  all.sinks.push_back(settings_of(dead_letter_sink::http, "http://h/"));
  all.sinks.push_back(settings_of(dead_letter_sink::redis, "redis://h"));
  all.sinks[1].name = "other";
  const auto made = make_sinks(all);
  ASSERT_TRUE(made) << made.error();
  ASSERT_THAT(*made, SizeIs(2));
  EXPECT_EQ((*made)[0].name, "mine");
  EXPECT_EQ((*made)[1].name, "other");
  all.sinks[1].url = config::secret{"x"};
  EXPECT_THAT(make_sinks(all).error(), HasSubstr("sink other"));
}

TEST(factory, says_which_sink_cannot_be_prepared) {
  config::dead_letter_settings all;
  all.sinks.push_back(settings_of(dead_letter_sink::file, ""));
  all.sinks[0].path = "/dev/null/letters";
  ASSERT_TRUE(make_sinks(all));
  EXPECT_THAT(prepare_sinks(all).error(),
              testing::AllOf(HasSubstr("sink mine: /dev/null"),
                             HasSubstr("Not a directory")));
}

} // namespace
} // namespace mfo::dead_letters
