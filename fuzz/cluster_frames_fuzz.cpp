// The filter of BASP headers. The first byte says who dialled and how the rest,
// the stream of a peer, is cut: however that is, the filter says the same of
// it, sees the handshake at the same time, and goes on refusing what it has
// refused. Headers read as they were written.

#include "cluster/transport/header_filter.hpp"
#include "fuzz/target.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace mfo::fuzz {

namespace {

using namespace mfo::cluster;
using namespace mfo::cluster::wire;

struct judgement {
  std::optional<end_cause> cause;
  bool established = false;

  friend bool operator==(const judgement&, const judgement&) = default;
};

filter_rules rules_of(unsigned options) {
  filter_rules rules{.max_payload = 300, .spawn_server = 0x7377};
  if ((options & 2U) != 0)
    rules.own_id = "its kind own id";
  return rules;
}

/// Of the stream in pieces of that many bytes; the last may have less.
judgement read(std::string_view stream, std::size_t piece, unsigned options) {
  const auto way =
      (options & 1U) != 0 ? direction::dialled : direction::accepted;
  header_filter filter{way, rules_of(options)};
  judgement result;
  for (auto left = stream; !left.empty() && !result.cause;) {
    const auto taken = left.substr(0, piece);
    left.remove_prefix(taken.size());
    result.cause = filter.feed(taken);
  }
  result.established = filter.established();
  if (result.cause) {
    require(!result.cause->text.empty());
    require(filter.feed(stream) == result.cause);
    require(filter.feed({}) == result.cause);
  }
  require(!result.established || stream.size() > basp_header::size);
  return result;
}

void header_reads_as_written(std::string_view stream) {
  std::array<char, basp_header::size> bytes{};
  if (stream.size() < bytes.size())
    return;
  std::copy_n(stream.begin(), bytes.size(), bytes.begin());
  const auto header = basp_header::read(bytes);
  require(header.write() == stream.substr(0, bytes.size()));
}

} // namespace

void run(std::string_view input) {
  if (input.empty())
    return;
  const unsigned options = static_cast<unsigned char>(input.front());
  const auto stream = input.substr(1);
  const auto whole = read(stream, stream.size(), options);
  require(read(stream, 1, options) == whole);
  require(read(stream, 1 + options / 4, options) == whole);
  header_reads_as_written(stream);
}

} // namespace mfo::fuzz
