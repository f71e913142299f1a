#pragma once

#include "casebook/case.hpp"
#include "config/section.hpp"

#include <optional>
#include <string>
#include <vector>

/// The tables of a file of cases: every key stands in one of them, with its
/// help and form. They drive reading, and the schema for editors.
namespace mfo::casebook {

/// A case, whose only step stands in it, or in `steps` all of them.
struct draft_case {
  std::string name;
  step only;
  std::vector<step> steps;
  std::vector<stub> stubs;
  devserver::replies replies;
  std::map<std::string, std::string, std::less<>> answers;
  std::optional<milliseconds> now;
  config::place where{};
};

struct draft_book {
  std::string config;
  std::map<std::string, std::string, std::less<>> env;
  milliseconds now;
  std::vector<stub> stubs;
  devserver::replies replies;
  std::map<std::string, std::string, std::less<>> answers;
  std::vector<draft_case> cases;

  draft_book();
};

const config::section<draft_book>& book_table();

config::section<request> request_table();
config::section<expectation> expectation_table();
config::section<stub> stub_table();
/// One of api::operation_names.
config::codec<std::string> operation_word();

/// The keys of a step; `get` gives the step of what has them.
template <class S, class Get>
std::vector<config::field<S>> step_fields(Get get);

/// What its keys cannot be together.
void check_step(const config::section_view& view, config::reader& in);

/// More of one file, or case, than this is refused.
inline constexpr std::size_t most_cases = 10'000;
inline constexpr std::size_t most_steps = 100;
inline constexpr std::size_t most_stubs = 1'000;

} // namespace mfo::casebook
