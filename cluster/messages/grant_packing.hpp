#pragma once

#include "cluster/messages/packer.hpp"
#include "cluster/messages/unpacker.hpp"
#include "cluster/rules/credit_window.hpp"

#include <optional>

/// What more may be sent, as a part of the messages of desks that have windows.
namespace mfo::cluster {

inline void put(packer& out, const std::optional<credit_grant>& grant) {
  out.flag(grant.has_value());
  if (grant)
    out.fixed(grant->link)
        .number(grant->total.events)
        .number(grant->total.bytes);
}

[[nodiscard]] inline std::optional<credit_grant> read_grant(unpacker& in) {
  if (!in.flag())
    return std::nullopt;
  credit_grant grant;
  grant.link = in.fixed();
  grant.total.events = in.number();
  grant.total.bytes = in.number();
  return grant;
}

} // namespace mfo::cluster
