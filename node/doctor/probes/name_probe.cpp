#include "node/doctor/probes/name_probe.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <memory>

namespace mfo::node::doctor {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// One question; what glibc's own thread writes to while it is under way.
struct question {
  explicit question(std::string asked) : name(std::move(asked)) {
    hints.ai_socktype = SOCK_STREAM;
    request.ar_name = name.c_str();
    request.ar_request = &hints;
  }

  ~question() {
    if (request.ar_result != nullptr)
      ::freeaddrinfo(request.ar_result);
  }

  question(const question&) = delete;

  std::string name;
  addrinfo hints{};
  gaicb request{};
};

/// False: it has not ended by then.
bool wait_for(const gaicb& request, clock::time_point end) {
  while (::gai_error(const_cast<gaicb*>(&request)) == EAI_INPROGRESS) {
    const auto left = end - clock::now();
    if (left <= clock::duration::zero())
      return false;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec longest{
        seconds.count(),
        std::chrono::duration_cast<std::chrono::nanoseconds>(left - seconds)
            .count()};
    const std::array<const gaicb*, 1> all{&request};
    ::gai_suspend(all.data(), static_cast<int>(all.size()), &longest);
  }
  return true;
}

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(),
                nullptr, 0, NI_NUMERICHOST);
  return text.data();
}

} // namespace

lookup_seen look_up(const std::string& name, milliseconds longest) {
  const auto begun = clock::now();
  auto asked = std::make_unique<question>(name);
  std::array<gaicb*, 1> all{&asked->request};
  lookup_seen seen;
  if (const int error = ::getaddrinfo_a(GAI_NOWAIT, all.data(),
                                        static_cast<int>(all.size()), nullptr);
      error != 0) {
    seen.error = ::gai_strerror(error);
    return seen;
  }
  const bool answered = wait_for(asked->request, begun + longest);
  seen.took = std::chrono::duration_cast<milliseconds>(clock::now() - begun);
  if (!answered) {
    seen.late = true;
    // What is being asked right now cannot be broken off, and writes into the
    // question when it is answered.
    if (::gai_cancel(&asked->request) == EAI_NOTCANCELED)
      static_cast<void>(asked.release());
    return seen;
  }
  if (const int error = ::gai_error(&asked->request); error != 0) {
    seen.error = ::gai_strerror(error);
    return seen;
  }
  for (const auto* each = asked->request.ar_result; each != nullptr;
       each = each->ai_next)
    seen.addresses.insert(text_of(*each));
  return seen;
}

} // namespace mfo::node::doctor
