#include "schema/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace mfo::schema {

namespace {

using nlohmann::json;

static_assert(std::numeric_limits<long double>::digits >= 64);

__extension__ using wide = unsigned __int128;

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value)
                   : static_cast<std::uint64_t>(value);
}

/// A number without its sign: `digits` times ten to the power of `exponent`.
struct decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

/// The shortest decimal that reads as this double: what was written, if it had
/// 15 digits at most.
decimal decimal_of(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, std::abs(number),
                                 std::chars_format::scientific)
                       .ptr;
  decimal result;
  const char* at = text;
  for (; *at != 'e'; ++at) {
    if (*at == '.')
      continue;
    result.digits = result.digits * 10 + static_cast<unsigned>(*at - '0');
    --result.exponent;
  }
  at += at[1] == '+' ? 2 : 1;
  int exponent = 0;
  std::from_chars(at, end, exponent);
  result.exponent += exponent + 1; // one digit stands before the point
  return result;
}

decimal decimal_of(const json& number) {
  if (number.is_number_unsigned())
    return {number.get<std::uint64_t>(), 0};
  if (number.is_number_integer())
    return {magnitude(number.get<std::int64_t>()), 0};
  return decimal_of(number.get<double>());
}

wide power_of_ten(int exponent) {
  wide result = 1;
  for (; exponent > 0; --exponent)
    result *= 10;
  return result;
}

/// The same, of a power as large as the exponents of doubles allow.
wide power_of_ten_modulo(int exponent, std::uint64_t divisor) {
  wide result = 1 % divisor;
  wide square = 10 % divisor;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1)
      result = result * square % divisor;
    square = square * square % divisor;
  }
  return result;
}

bool is_multiple(decimal divisor, decimal number) {
  if (divisor.digits == 0)
    return false;
  const int shift = number.exponent - divisor.exponent;
  if (shift >= 0)
    return number.digits % divisor.digits *
               power_of_ten_modulo(shift, divisor.digits) % divisor.digits ==
           0;
  // A power beyond all digits of the number can only divide 0.
  constexpr int most_digits = 20;
  if (-shift > most_digits - 1)
    return number.digits == 0;
  return number.digits % (divisor.digits * power_of_ten(-shift)) == 0;
}

std::size_t mix(std::size_t seed, std::size_t more) {
  return (seed ^ more) * 0x9E3779B97F4A7C15U + (seed >> 29);
}

/// The same for equal values.
std::size_t hash_of(const json& value, work_budget& work) {
  if (!work.spend(1))
    return 0;
  switch (value.type()) {
  case json::value_t::boolean:
    return value.get<bool>() ? 3 : 5;
  case json::value_t::number_integer:
  case json::value_t::number_unsigned:
  case json::value_t::number_float:
    return std::hash<double>{}(static_cast<double>(exact_number(value)));
  case json::value_t::string: {
    const auto& text = value.get_ref<const std::string&>();
    work.spend(work_of(text.size()));
    return std::hash<std::string>{}(text);
  }
  case json::value_t::array: {
    std::size_t result = 7;
    for (const auto& item : value)
      result = mix(result, hash_of(item, work));
    return result;
  }
  case json::value_t::object: {
    std::size_t result = 11;
    for (const auto& [name, member] : value.items()) {
      work.spend(work_of(name.size()));
      result = mix(mix(result, std::hash<std::string>{}(name)),
                   hash_of(member, work));
    }
    return result;
  }
  default:
    return 13;
  }
}

bool equal_items(const json& left, const json& right, work_budget& work) {
  return left.size() == right.size() &&
         std::equal(
             left.begin(), left.end(), right.begin(),
             [&](const json& a, const json& b) { return equal(a, b, work); });
}

/// Members are in the order of their names.
bool equal_members(const json& left, const json& right, work_budget& work) {
  if (left.size() != right.size())
    return false;
  auto other = right.begin();
  for (auto member = left.begin(); member != left.end(); ++member, ++other)
    if (member.key() != other.key() || !equal(*member, *other, work))
      return false;
  return true;
}

} // namespace

long double exact_number(const json& number) {
  if (number.is_number_unsigned())
    return static_cast<long double>(number.get<std::uint64_t>());
  if (number.is_number_integer())
    return static_cast<long double>(number.get<std::int64_t>());
  return number.get<double>();
}

bool is_integer(const json& value) {
  if (!value.is_number_float())
    return value.is_number();
  const auto number = value.get<double>();
  return std::trunc(number) == number;
}

bool is_multiple(const json& number, std::int64_t divisor) {
  return is_multiple(decimal{magnitude(divisor), 0}, decimal_of(number));
}

bool is_multiple(const json& number, double divisor) {
  return is_multiple(decimal_of(divisor), decimal_of(number));
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (c & '\xc0') != '\x80'; }));
}

bool equal(const json& left, const json& right, work_budget& work) {
  if (!work.spend(1))
    return false;
  if (left.is_number() && right.is_number())
    return exact_number(left) == exact_number(right);
  if (left.type() != right.type())
    return false;
  if (left.is_array())
    return equal_items(left, right, work);
  if (left.is_object())
    return equal_members(left, right, work);
  if (left.is_string())
    work.spend(work_of(left.get_ref<const std::string&>().size()));
  return left == right;
}

bool all_different(const json& array, work_budget& work) {
  std::vector<std::pair<std::size_t, const json*>> items;
  items.reserve(array.size());
  for (const auto& item : array)
    items.emplace_back(hash_of(item, work), &item);
  if (!work.spend(items.size()))
    return false;
  std::ranges::sort(items);
  for (auto run = items.begin(); run != items.end();) {
    const auto end = std::find_if(run, items.end(), [&](const auto& item) {
      return item.first != run->first;
    });
    for (auto one = run; one != end; ++one)
      for (auto other = run; other != one; ++other)
        if (equal(*one->second, *other->second, work) || work.empty())
          return false;
    run = end;
  }
  return true;
}

} // namespace mfo::schema
