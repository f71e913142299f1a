#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What JSON Schema says of values, where it differs from nlohmann/json: 1 and
/// 1.0 are the same number and both are integers (draft 7 core, sections 4.2.1
/// and 4.2.3).
namespace mfo::schema {

/// How much work may still be done.
class work_budget {
public:
  explicit work_budget(std::size_t steps) : left_(steps) {}

  /// False if there is not so much left; then nothing is left.
  bool spend(std::size_t steps) noexcept {
    left_ = steps > left_ ? 0 : left_ - steps;
    return left_ > 0;
  }

  [[nodiscard]] bool empty() const noexcept {
    return left_ == 0;
  }

private:
  std::size_t left_;
};

/// The work of looking at so many bytes.
constexpr std::size_t work_of(std::size_t bytes) noexcept {
  return 1 + bytes / 16;
}

/// Exact for every number that nlohmann/json holds: the significand of a long
/// double has 64 bits at least where this runs.
long double exact_number(const nlohmann::json& number);

bool is_integer(const nlohmann::json& value);

/// Whether `number / divisor` is an integer, exactly, where a double stands for
/// the shortest decimal that it is read from: 0.0075 is a multiple of 0.0001.
/// Nothing is a multiple of 0.
bool is_multiple(const nlohmann::json& number, std::int64_t divisor);
bool is_multiple(const nlohmann::json& number, double divisor);

/// Code points of UTF-8 text.
std::size_t count_characters(std::string_view text);

/// Whether two values are the same. False if the budget is empty before it is
/// known.
bool equal(const nlohmann::json& left, const nlohmann::json& right,
           work_budget& work);

/// Whether no two items are the same. In n log n, as long as few different
/// items have the same hash; for the others there is the budget.
bool all_different(const nlohmann::json& array, work_budget& work);

} // namespace mfo::schema
