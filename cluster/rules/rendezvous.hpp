#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Who of several nodes is responsible for a key, decided by each node alone
/// and by all alike: highest random weight (D. Thaler, C. Ravishankar: Using
/// name-based mappings to increase hit rates, 1998).
///
/// When a name leaves only its keys move, and when one comes it takes its share
/// and nothing else moves. Of 50,000 keys each of up to 32 names has its share
/// to within a tenth.
namespace mfo::cluster {

/// FNV-1a with 64 bits (datatracker.ietf.org/doc/draft-eastlake-fnv).
[[nodiscard]] std::uint64_t stable_hash(std::string_view text) noexcept;

/// mix(mix(stable_hash(key)) ^ stable_hash(name)), where mix is the finalizer
/// of MurmurHash3 (A. Appleby, fmix64). Never to be changed: nodes of all
/// versions must agree.
[[nodiscard]] std::uint64_t rendezvous_weight(std::string_view key,
                                              std::string_view name) noexcept;

/// The name with the highest weight, among equals the smaller name. Empty:
/// there is no name. The names are each there once, in any order.
[[nodiscard]] std::string owner_of(std::string_view key,
                                   std::span<const std::string> names);

/// The `count` names with the highest weights, the highest first; all where
/// there are not more. Each is who would follow if those before it left.
[[nodiscard]] std::vector<std::string>
owners_of(std::string_view key, std::span<const std::string> names,
          std::size_t count);

} // namespace mfo::cluster
