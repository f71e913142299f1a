#pragma once

#include <string_view>

namespace mfo::taskflow {

/// What stands before each expression, in jq: definitions in the place of those
/// that would end the process, never end, or reach out of it, in jq 1.6, most
/// of it by values that a sender could choose:
///
///   - `todate`, `strftime` and `strflocaltime` of a number that is no time
///     abort: an error;
///   - `match`, `capture`, `scan`, `splits`, `split`, `sub` and `gsub` read
///     beyond a text that is not ASCII, or go on for ever, where a regular
///     expression may match nothing: with the flag `g` they have the flag `n`
///     as well, which leaves such matches out;
///   - `index`, `rindex` and `indices` of an empty text go on for ever: null,
///     null and [];
///   - `-9223372036854775808 % -1` is a signal: 0;
///   - not-a-number as the bound of a slice aborts: `tonumber` and `fromjson`
///     give an error rather than that;
///   - an index far beyond the end of a list takes the memory for all before
///   it,
///     or aborts: an error above 1000000 in assignments, `setpath` and
///     `fromstream`;
///   - `input`, `debug`, `env`, `halt` and their kin: an error, where
///     jq_tokens.cpp takes a word for something else than jq does.
///
/// It costs no time: jq compiles its own library, which is larger, each time.
extern const std::string_view jq_prelude;

} // namespace mfo::taskflow
