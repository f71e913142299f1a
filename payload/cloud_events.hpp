#pragma once

#include "core/header_fields.hpp"
#include "payload/flaw.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// CloudEvents 1.0.2 over HTTP:
/// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
/// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
namespace mfo::payload {

struct cloud_event {
  // What each has, decoded; never empty.
  std::string id;
  std::string source;
  std::string type;
  /// All context attributes, those above and extensions among them: a JSON
  /// object, in the order of the sender. Of an extension, the value as it was.
  std::string attributes;
  /// The data: one JSON text, `null` where there is none.
  std::string data;
};

/// More events in a batch than this are refused.
inline constexpr std::size_t max_batch = 1000;

/// Whether a request is a CloudEvent in binary mode: it has `ce-specversion`.
[[nodiscard]] bool is_binary(const core::header_fields& fields) noexcept;

/// In binary mode: the attributes from `ce-` fields, percent-decoded, and
/// `datacontenttype` from `content_type`; `data` is JSON already.
[[nodiscard]] tl::expected<cloud_event, flaw>
read_binary(const core::header_fields& fields, std::string_view content_type,
            std::string data);

/// In structured mode. Requires: `text` is JSON. `data` stands as it is.
/// `data_base64` is decoded where `datacontenttype` is JSON or missing; else it
/// is the event's data as a JSON string, in base64.
[[nodiscard]] tl::expected<cloud_event, flaw>
read_structured(std::string_view text);

/// A batch: an array of events in structured mode, at least one. One that is
/// wrong spoils the batch: its sender has to know. One whose source and id came
/// before is that event again (CloudEvents, "id"), and left out: taken for a
/// delivery of its own, it would be refused as being in progress.
[[nodiscard]] tl::expected<std::vector<cloud_event>, flaw>
read_batch(std::string_view text);

} // namespace mfo::payload
