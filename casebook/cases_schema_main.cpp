#include "casebook/cases_schema.hpp"

#include <iostream>

/// Prints the JSON Schema of files of cases; see the comment at its head.
int main() {
  std::cout << mfo::casebook::cases_schema();
}
