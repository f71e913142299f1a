#include "signatures/signed_content.hpp"

namespace mfo::signatures {

signed_content::signed_content(std::string_view text) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto open = text.find('{');
    const auto close = text.find('}', open);
    if (close == std::string_view::npos)
      break;
    const auto name = text.substr(open + 1, close - open - 1);
    texts_.at(i) = text.substr(0, open);
    text.remove_prefix(close + 1);
    if (name == "id") {
      slots_.at(i) = slot::id;
      behind_id_ = text.empty() ? '\0' : text.front();
    } else {
      slots_.at(i) = name == "timestamp" ? slot::timestamp : slot::body;
    }
  }
  texts_.back() = text;
}

signed_content::parts signed_content::fill(std::string_view id,
                                           std::string_view timestamp,
                                           std::string_view body) const {
  const std::array<std::string_view, 4> values{"", id, timestamp, body};
  const auto value = [&](std::size_t i) {
    return values.at(static_cast<std::size_t>(slots_.at(i)));
  };
  return {texts_[0], value(0), texts_[1], value(1),
          texts_[2], value(2), texts_[3]};
}

bool signed_content::ends_plainly(std::string_view id) const {
  return id.find(behind_id_) == std::string_view::npos;
}

} // namespace mfo::signatures
