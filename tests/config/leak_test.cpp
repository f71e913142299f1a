#include "config/redact.hpp"

#include "tests/config/fixture.hpp"

#include <random>

/// What is said of a file never holds a value of it, whatever the value is and
/// wherever it stands.
namespace mfo::config {

namespace {

constexpr auto marker = "hunter2";

/// The example with a value for every key.
std::vector<std::string> lines_of_full_example() {
  std::istringstream text(
      read_all(MFO_SOURCE_DIR "/config/examples/full.yaml"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + '\n';
  return text;
}

/// Where the value starts in `key: value` or `- value`; 0 if there is none.
std::size_t start_of_value(const std::string& line) {
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos || line[first] == '#')
    return 0;
  if (const auto colon = line.find(": "); colon != std::string::npos)
    return colon + 2;
  const bool item = line.compare(first, 2, "- ") == 0;
  return item ? first + 2 : 0;
}

environment marked_environment() {
  return [](std::string_view) {
    return std::string(marker);
  };
}

const std::vector<std::string> shapes{
    "hunter2",          "'hunter2'",        "[hunter2]",
    "[[hunter2]]",      "{hunter2: 1}",     "{a: hunter2}",
    "[{hunter2: 1}]",   "&hunter2",         "*hunter2",
    "!hunter2",         "!hunter2 x",       "!!hunter2 x",
    "!<hunter2> x",     "\"hunter2",        "'hunter2",
    "\"\\hunter2\"",    "hunter2: hunter2", "|hunter2",
    ">hunter2",         "%hunter2",         "@hunter2",
    "`hunter2`",        "? hunter2",        "- hunter2",
    "${hunter2",        "${hunter2 x}",     "${MARKED}",
    "x${MARKED}y",      "${MARKED} ${a b}", "https://user:hunter2@host",
    "hunter2\thunter2", "hunter2#hunter2",  "hunter2 # hunter2",
    "h\xc3\xa4hunter2", "\xffhunter2",      "\x01hunter2"};

/// What is quoted is quoted in any build. AddressSanitizer gets its share: each
/// shape at some lines, each line with some shapes.
#ifdef MFO_ADDRESS_SANITIZER
constexpr std::size_t every = 8;
#else
constexpr std::size_t every = 1;
#endif

TEST(a_value, is_never_quoted_wherever_it_stands) {
  const auto lines = lines_of_full_example();
  std::size_t tried = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto start = start_of_value(lines[i]);
    if (start == 0)
      continue;
    for (auto number = i % every; number < shapes.size(); number += every) {
      const auto& shape = shapes[number];
      auto changed = lines;
      changed[i].replace(start, std::string::npos, shape);
      const auto said = problems_of(joined(changed), marked_environment());
      EXPECT_EQ(said.find(marker), std::string::npos) << changed[i] << '\n'
                                                      << said;
      ++tried;
    }
  }
  EXPECT_GT(tried * every, 5000U);
}

TEST(a_file_with_random_damage, is_loaded_or_told_about) {
  std::random_device entropy;
  const auto seed = entropy();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto whole = joined(lines_of_full_example());
  const std::string_view bytes = "\n\t :-,[]{}&*!|>'\"%@`#?$~<0a\xc3\xff\x04";
  for (int round = 0; round < 300; ++round) {
    auto text = whole;
    for (unsigned change = 0; change < 1 + random() % 4; ++change) {
      const auto at = random() % text.size();
      if (random() % 2 == 0)
        text[at] = bytes[random() % bytes.size()];
      else
        text.erase(at, 1 + random() % 20);
    }
    const auto result = load(text, marked_environment());
    if (result)
      continue;
    EXPECT_FALSE(result.error().empty());
    EXPECT_EQ(to_string(result.error()).find(marker), std::string::npos);
  }
}

TEST(every_secret, is_hidden_in_what_is_shown) {
  const auto node = must_load(
      "server_url: https://a\nserver_token: hunter2\n"
      "webhook_path: /w\nwebhook_secret: [hunter2a, hunter2b]\nendpoints:\n"
      "  - {id: a, path: /a, signature: {secret: hunter2c}}\n"
      "  - {id: b, path: /b, signature: {secrets: [hunter2d, hunter2e]}}\n"
      "  - {id: c, path: /c, signature: {scheme: github, secret: hunter2f}}\n");
  const auto shown = redacted_yaml(node);
  EXPECT_EQ(shown.find(marker), std::string::npos) << shown;
}

} // namespace

} // namespace mfo::config
