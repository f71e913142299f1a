#pragma once

#include <string>
#include <vector>

namespace mfo::node {

/// Rows with aligned columns, for a terminal: what a cell may hold is up to
/// others. The widths are those of the first few hundred rows, so that any
/// number can be shown with little memory. Without a row there is no head.
class text_table {
public:
  using row = std::vector<std::string>;

  explicit text_table(row head);

  /// As many cells as the head has. Gives the text that is due, perhaps none.
  std::string add(row cells);

  /// The rest.
  std::string finish();

private:
  std::vector<row> waiting_;
  std::vector<std::size_t> widths_;
  bool begun_ = false;
};

} // namespace mfo::node
