#include "node/doctor/rules/limits.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

namespace {

constexpr std::uint64_t mib = 1024 * 1024;

// Bounds that are no settings: docs/architecture.md, "What is bounded".
constexpr std::uint64_t admin_connections = 64;
constexpr std::uint64_t peers = 256;
constexpr std::uint64_t peers_memory = 4 * 64 * mib;
constexpr std::uint64_t runs_memory = 2 * 16 * mib;
/// Libraries, pipes, files that are read again, sinks.
constexpr std::uint64_t own_descriptors = 64;
constexpr std::uint64_t own_memory = 64 * mib;
/// Of a connection, beside what its request holds.
constexpr std::uint64_t connection_memory = 16 * 1024;

std::string in_mib(std::uint64_t bytes) {
  return fmt::format("{} MiB", (bytes + mib - 1) / mib);
}

} // namespace

demand demand_of(const config::settings& settings) {
  const auto& limits = settings.limits;
  demand sum{own_descriptors, own_memory};
  // As many again may be in the course of being turned away.
  sum.descriptors += 2 * limits.max_connections + admin_connections;
  sum.memory +=
      limits.max_bytes_in_flight + limits.max_connections * connection_memory;
  for (const auto& each : settings.servers) {
    sum.descriptors += each.max_in_flight + 1;
    sum.memory += each.max_in_flight * connection_memory;
  }
  if (!settings.http_call.allow.empty())
    sum.descriptors += settings.http_call.max_in_flight;
  if (!settings.workflows.empty())
    sum.memory += runs_memory;
  if (settings.cluster.on()) {
    sum.descriptors += peers;
    sum.memory += peers_memory;
  }
  return sum;
}

finding judge_descriptors(const demand& wanted, const allowance& given) {
  constexpr auto subject = "descriptors";
  if (given.descriptors == 0)
    return left_out(subject, "the limit of open files is not known");
  const auto text =
      fmt::format("the node may need {} descriptors, and {} may have {}",
                  wanted.descriptors, given.of_whom, given.descriptors);
  if (wanted.descriptors <= given.descriptors)
    return good(subject, text);
  return failed(
      subject, text,
      fmt::format("raise the limit (`LimitNOFILE=` of a systemd unit, `ulimit "
                  "-n {}`{}), or lower `limits.max_connections`",
                  wanted.descriptors,
                  given.hard >= wanted.descriptors
                      ? ""
                      : ", and the hard limit with it"));
}

finding judge_memory(const demand& wanted, const allowance& given) {
  constexpr auto subject = "memory";
  if (!given.memory)
    return left_out(subject, "no limit of memory is known");
  const auto text =
      fmt::format("the node may need {}, and {} is {}", in_mib(wanted.memory),
                  given.memory_by, in_mib(*given.memory));
  const auto remedy =
      fmt::format("raise that limit above {} (`MemoryMax=` of a systemd unit, "
                  "`--memory` of a container), or lower "
                  "`limits.max_bytes_in_flight`",
                  in_mib(wanted.memory + wanted.memory / 4));
  if (wanted.memory > *given.memory)
    return failed(subject, text, remedy);
  if (wanted.memory > *given.memory / 5 * 4)
    return warning(subject, text + ", which leaves little", remedy);
  return good(subject, text);
}

} // namespace mfo::node::doctor
