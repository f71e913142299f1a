#include "http/client.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace mfo::http {

std::string_view find_header(const header_list& headers,
                             std::string_view name) noexcept {
  auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& field) {
        return boost::beast::iequals({field.first.data(), field.first.size()},
                                     {name.data(), name.size()});
      });
  return found == headers.end() ? std::string_view{} : found->second;
}

} // namespace mfo::http
