#pragma once

#include <functional>
#include <memory>
#include <string>

namespace mfo::http {

/// Where the text of one stream goes. On the admin thread.
class stream_output {
public:
  virtual ~stream_output() = default;

  /// Sends it as soon as all before it is sent. `sent` is called once, now or
  /// later: whether it is, or its reader is gone.
  virtual void write(std::string text, std::function<void(bool)> sent) = 0;

  /// The last: nothing more is written, and the connection ends once all is
  /// sent, or its reader does not take it.
  virtual void end() = 0;
};

} // namespace mfo::http
