#pragma once

#include "taskflow/expression/jq_tokens.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Several expressions of jq as one program, as it is the making of a program's
/// state that takes its time (jq_pool.hpp).
namespace mfo::taskflow {

/// More are not put into one program: libjq counts functions in 12 bits, and
/// the bytes of a jump in 16.
inline constexpr std::size_t max_joint = 1000;
/// Nor expressions that are longer together, bytes: from some length on libjq
/// takes longer for all than for each alone.
inline constexpr std::size_t max_joint_bytes = 32 * 1024;

/// Whether an expression means the same between brackets, among others, as
/// alone: it opens and closes its own brackets and texts, does not ask for the
/// line it stands in, and does not name what is not there when it is alone.
/// Where it does, jq takes it in brackets if, and only if, it takes it alone:
/// in its grammar brackets come in pairs, so that ours are a pair, too.
///
/// `?//` is not let in as what it is compiled to grows with its square.
[[nodiscard]] bool may_be_joined(const jq_tokens& read);

/// Which way an expression of a joint program is found: at each fork, whether
/// to the second half. Empty where there is but one.
using joint_path = std::vector<bool>;

struct joint_program {
  std::string text;
  std::vector<joint_path> paths; ///< of each expression
};

/// Of one: as it is, behind the prelude. Of several: what its input must be
/// then is a list of the input of the expression and of its path. Each is a
/// function of its own, so that it is held to the bounds of libjq alone.
/// Requires: at most `max_joint`; all but a single one may be joined.
[[nodiscard]] joint_program
join_jq(const std::vector<std::string_view>& expressions);

} // namespace mfo::taskflow
