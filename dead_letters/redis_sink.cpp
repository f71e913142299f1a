#include "dead_letters/redis_sink.hpp"

#include "dead_letters/letter_json.hpp"

#include <fmt/format.h>

#include <vector>

namespace mfo::dead_letters {

namespace {

/// KEYS: the stream. ARGV: how many letters it may hold, the field, letters.
constexpr std::string_view append_script = R"(
local have = redis.call('XLEN', KEYS[1])
if have + #ARGV - 2 > tonumber(ARGV[1]) then
  return redis.error_reply('FULL the stream holds ' .. have .. ' of ' ..
    ARGV[1] .. ' letters; replay or purge some, or raise max_length')
end
for i = 3, #ARGV do
  redis.call('XADD', KEYS[1], '*', ARGV[2], ARGV[i])
end
return #ARGV - 2
)";

} // namespace

done redis_sink::connect() {
  if (connection_ && connection_->usable())
    return {};
  connection_.reset();
  auto made = redis_connection::open(settings_.server, settings_.timeout);
  if (!made)
    return tl::unexpected(std::move(made.error()));
  connection_.emplace(std::move(*made));
  return {};
}

/// A stream without room is one that cannot be written to.
done redis_sink::probe() {
  if (auto connected = connect(); !connected)
    return connected;
  const std::vector<std::string_view> words{"XLEN", settings_.stream};
  const auto answer = connection_->command(words);
  if (!answer)
    return tl::unexpected(answer.error());
  const auto have = (*answer)->integer;
  if (static_cast<std::size_t>(have) >= settings_.max_length)
    return tl::unexpected(fmt::format(
        "the stream holds {} of {} letters; replay or purge some, or raise "
        "max_length",
        have, settings_.max_length));
  return {};
}

done redis_sink::write(std::span<const letter_ptr> letters) {
  if (auto connected = connect(); !connected)
    return connected;
  std::vector<std::string> lines;
  for (const auto& each : letters)
    lines.push_back(to_json(*each));
  const auto room = std::to_string(settings_.max_length);
  std::vector<std::string_view> words{
      "EVAL", append_script, "1", settings_.stream, room, redis_field};
  words.insert(words.end(), lines.begin(), lines.end());
  if (auto answer = connection_->command(words); !answer)
    return tl::unexpected(std::move(answer.error()));
  return {};
}

} // namespace mfo::dead_letters
