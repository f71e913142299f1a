#include "taskflow/expression/one_line.hpp"

namespace mfo::taskflow {

namespace {

bool is_unseen(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
}

bool goes_on_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

} // namespace

std::string one_line(std::string_view text, std::size_t most) {
  constexpr std::string_view cut = "...";
  std::string line;
  bool blank = false;
  for (const char c : text) {
    if (is_unseen(c)) {
      blank = !line.empty();
      continue;
    }
    if (blank)
      line += ' ';
    blank = false;
    line += c;
    if (line.size() > most)
      break;
  }
  if (line.size() <= most)
    return line;
  auto end = most - cut.size();
  while (end > 0 && goes_on_character(line[end]))
    --end;
  return line.substr(0, end).append(cut);
}

} // namespace mfo::taskflow
