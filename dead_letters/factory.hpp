#pragma once

#include "config/dead_letter_settings.hpp"
#include "dead_letters/sink.hpp"
#include "dead_letters/writer.hpp"

#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

namespace mfo::dead_letters {

/// What the settings ask for. Nothing is opened or connected to yet: a store
/// that is down when the node starts is found by the first write. The error
/// names the sink and says what is wrong with its settings.
tl::expected<std::unique_ptr<sink>, std::string>
make_sink(const config::dead_letter_sink_settings& settings);

/// All of them, in their order.
tl::expected<std::vector<named_sink>, std::string>
make_sinks(const config::dead_letter_settings& settings);

/// The same, each prepared (sink::prepare): for a node that is about to promise
/// that nothing is lost.
tl::expected<std::vector<named_sink>, std::string>
prepare_sinks(const config::dead_letter_settings& settings);

/// Whether what the sink keeps can be read: everything but http.
bool is_readable(const config::dead_letter_sink_settings& settings);

/// As `make_sink`, for reading.
tl::expected<std::unique_ptr<reader>, std::string>
make_reader(const config::dead_letter_sink_settings& settings);

} // namespace mfo::dead_letters
