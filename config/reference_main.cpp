#include "config/reference.hpp"

#include <iostream>

/// Prints the reference page; see the comment at the head of that page.
int main() {
  std::cout << mfo::config::reference_markdown();
}
