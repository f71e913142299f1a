#pragma once

#include "taskflow/graph/picture.hpp"

#include <string_view>

/// The words of a picture, for picture.cpp.
namespace mfo::taskflow {

/// Fills in everything but `id` and `inside`.
[[nodiscard]] picture::item describe(const task& of, const workflow& file);
[[nodiscard]] picture::item describe(const flow& of);
[[nodiscard]] picture::item describe(const trigger& of);

/// As it may stand in a picture, of at most `most` characters.
[[nodiscard]] std::string picture_text(std::string_view text,
                                       std::size_t most = 40);

/// What a task's `depends` says of another task, for the arrow between them:
/// the outcomes that fulfil it. Empty: it succeeded or was skipped, which goes
/// without saying.
[[nodiscard]] std::string outcomes_text(const depends_expression& depends,
                                        std::string_view task);

} // namespace mfo::taskflow
