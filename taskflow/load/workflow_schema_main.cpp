#include "taskflow/load/workflow_schema.hpp"

#include <iostream>

/// Prints the JSON Schema of workflow files; see the comment at its head.
int main() {
  std::cout << mfo::taskflow::workflow_schema();
}
