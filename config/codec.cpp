#include "config/codec.hpp"

#include "config/address.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mfo::config {

codec<milliseconds> duration(milliseconds low, milliseconds high) {
  return between(
      codec<milliseconds>{"duration", {}, parse_duration, format_duration}, low,
      high);
}

codec<std::size_t> size(std::size_t low, std::size_t high) {
  return between(codec<std::size_t>{"size", {}, parse_size, format_size}, low,
                 high);
}

codec<double> decimal(double low, double high) {
  return between(codec<double>{"number", {}, parse_decimal, format_decimal},
                 low, high);
}

codec<listen_address> address() {
  return {"address",
          "host:port, [::1]:port, :port; port 0 lets the kernel pick one",
          parse_listen_address, format_listen_address};
}

codec<std::string>
text(std::string type, std::string range,
     std::function<tl::expected<std::string, std::string>(std::string_view)>
         parse) {
  return {std::move(type), std::move(range), std::move(parse),
          [](const std::string& value) {
            return value;
          }};
}

codec<std::string> plain_text() {
  return text("text", "", [](std::string_view given) {
    return tl::expected<std::string, std::string>{std::string{given}};
  });
}

std::string one_of_message(const std::vector<std::string>& names) {
  if (names.size() == 1)
    return "must be " + names.front();
  return fmt::format("must be one of {}", fmt::join(names, ", "));
}

codec<bool> yes_or_no() {
  return one_of<bool>({{"true", true}, {"false", false}});
}

} // namespace mfo::config
