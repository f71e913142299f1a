#pragma once

#include <string>
#include <string_view>

namespace mfo::support {

/// A network of its own, with nothing in it but a loopback interface. It is
/// gone once this is, and the processes that were started in it; it has no
/// name that could be left behind, or be taken.
class network_namespace {
public:
  /// Empty where there can be such, and be joined; else what is missing.
  static std::string why_not();

  network_namespace();
  ~network_namespace();
  network_namespace(const network_namespace&) = delete;

  /// As long as this lives the calling thread is there: the sockets that it
  /// opens, and the processes that it starts, stay there.
  class [[nodiscard]] visit {
  public:
    explicit visit(const network_namespace& place);
    ~visit();
    visit(const visit&) = delete;

  private:
    int before_ = -1;
  };

  /// Runs a command there, words apart by a space, the first of them a path;
  /// one that fails is a failure of the test. What it wrote.
  std::string run(std::string_view command) const;

  /// What `ip link … netns` takes.
  [[nodiscard]] std::string path() const;

  /// Has the kernel pass on what is for others.
  void forward() const;

private:
  int file_ = -1;
};

} // namespace mfo::support
