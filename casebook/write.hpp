#pragma once

#include "casebook/case.hpp"

#include <string>

namespace mfo::casebook {

/// A file of cases that reads (load.hpp) as `from`, whose paths are as they are
/// to be read from there. Of its cases it has names, endpoints, requests,
/// `sign`, `from`, what is expected of status, reason and outcome, and of stubs
/// operation and status: what recorded cases are made of, and nothing else.
///
/// A body stands as `json`, where that says all of it and is not too large to
/// be read so; as text, where it is that; else in base64.
[[nodiscard]] std::string to_yaml(const book& from);

} // namespace mfo::casebook
