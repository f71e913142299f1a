#include "node/doctor/rules/sinks.hpp"

#include <fmt/format.h>

namespace mfo::node::doctor {

finding judge_folder(const folder_seen& seen) {
  if (seen.is_there && !seen.is_folder)
    return failed(seen.subject, seen.path + " is no folder",
                  fmt::format("give `path` of `{}` a folder", seen.subject));
  if (!seen.writable)
    return failed(
        seen.subject,
        seen.path + (seen.is_there ? " cannot be written to"
                                   : " is not there, and cannot be made"),
        fmt::format("mkdir -p {0} && chown USER {0}, with the node's user",
                    seen.path));
  return good(seen.subject, seen.is_there ? seen.path + " can be written to"
                                          : seen.path + " will be made");
}

finding judge_store(const std::string& subject, const std::string& where,
                    const std::string& failure) {
  if (!failure.empty())
    return failed(subject, failure,
                  fmt::format("start it, or correct `url` of `{}`: what cannot "
                              "be delivered is lost without a sink",
                              subject));
  return good(subject, where + " answers");
}

} // namespace mfo::node::doctor
