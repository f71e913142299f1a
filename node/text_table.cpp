#include "node/text_table.hpp"

#include "core/printable.hpp"

#include <algorithm>
#include <utility>

namespace mfo::node {

namespace {

constexpr std::size_t page = 500; ///< rows that are measured

} // namespace

text_table::text_table(row head) {
  widths_.resize(head.size());
  waiting_.push_back(std::move(head));
}

std::string text_table::add(row cells) {
  for (auto& each : cells)
    each = core::printable(each);
  waiting_.push_back(std::move(cells));
  begun_ = true;
  return waiting_.size() < page ? std::string{} : finish();
}

std::string text_table::finish() {
  if (!begun_)
    return {};
  for (const auto& cells : waiting_)
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths_[i] = std::max(widths_[i], core::width_of(cells[i]));
  std::string out;
  for (const auto& cells : waiting_) {
    for (std::size_t i = 0; i + 1 < cells.size(); ++i)
      out += cells[i] +
             std::string(widths_[i] - core::width_of(cells[i]) + 2, ' ');
    out += cells.back() + '\n';
  }
  waiting_.clear();
  return out;
}

} // namespace mfo::node
