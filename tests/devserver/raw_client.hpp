#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// HTTP by hand over a blocking socket: a test has to see what is really on the
/// wire, and where it ends. Every wait is bounded by 10 s, and then counts as
/// silence.
namespace mfo::devserver {

struct answer {
  int status = 0; ///< 0: no whole head came
  std::string head;
  std::string body;    ///< as far as it came, chunks joined
  bool whole = false;  ///< the body came to its announced end
  bool closed = false; ///< the server ended or reset the connection

  /// The value of a field, or "".
  [[nodiscard]] std::string header(std::string_view name) const;
};

using field_list = std::vector<std::pair<std::string, std::string>>;

class raw_client {
public:
  /// From another address of this host where `from` says so.
  explicit raw_client(std::uint16_t port, const char* from = "127.0.0.1");
  ~raw_client();
  raw_client(const raw_client&) = delete;

  void write(std::string_view bytes);

  /// Sends no more; what the server says can still be read.
  void end_writing();

  /// Ends the connection at once, so that the server's side is reset.
  void reset_connection();

  /// Reads one answer, or what there is of it.
  answer read();

  /// `Host: test`, unless a field says otherwise.
  answer ask(std::string_view method, std::string_view target,
             std::string_view body = {}, const field_list& fields = {});

  /// What comes until the server closes, or within `wait_ms` if it does not.
  std::string read_all(int wait_ms = 10'000);

  /// How reading ended: the peer closed (or reset), rather than the time-out.
  [[nodiscard]] bool closed() const noexcept {
    return closed_;
  }
  [[nodiscard]] bool reset() const noexcept {
    return reset_;
  }

private:
  bool more(int wait_ms = 10'000);
  void read_chunks(answer& got);

  int socket_ = -1;
  std::string received_;
  bool closed_ = false;
  bool reset_ = false;
};

/// One request on a connection of its own.
answer ask(std::uint16_t port, std::string_view method, std::string_view target,
           std::string_view body = {}, const field_list& fields = {});

} // namespace mfo::devserver
