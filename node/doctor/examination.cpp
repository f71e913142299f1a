#include "node/doctor/examination.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <future>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace mfo::node::doctor {

namespace {

findings look(const check_entry& by, const patient& at) {
  try {
    return by.look(at);
  } catch (const std::exception& why) {
    return {failed("", fmt::format("it could not be made: {}", why.what()),
                   "this is a mistake in mfo-node: please report it")};
  }
}

finding too_slow(std::chrono::milliseconds given) {
  return failed("",
                fmt::format("it has not ended within {} ms",
                            std::chrono::milliseconds{given + grace}.count()),
                "see the other checks for who does not answer, or allow more "
                "by --timeout");
}

/// A look that is under way on a thread of its own.
struct running_look {
  std::future<findings> found;
  std::thread thread;
};

running_look begin(const check_entry& by, std::shared_ptr<const patient> of) {
  std::promise<findings> promise;
  auto found = promise.get_future();
  std::thread thread{
      [&by, of = std::move(of), promise = std::move(promise)]() mutable {
        promise.set_value(look(by, *of));
      }};
  return {std::move(found), std::move(thread)};
}

/// Nothing: it has not ended by then, and is left alone.
std::optional<findings> await(running_look look,
                              std::chrono::steady_clock::time_point end) {
  if (look.found.wait_until(end) != std::future_status::ready) {
    look.thread.detach();
    return std::nullopt;
  }
  // It is to be gone before the process takes down what threads use.
  look.thread.join();
  return look.found.get();
}

} // namespace

examination examine(std::shared_ptr<const patient> of,
                    std::span<const check_entry* const> checks) {
  examination result;
  for (const auto* each : checks)
    result.all.push_back(
        {each->name, each->asks_others ? findings{} : look(*each, *of)});
  std::vector<std::optional<running_look>> under_way;
  for (const auto* each : checks)
    under_way.push_back(each->asks_others ? std::optional{begin(*each, of)}
                                          : std::nullopt);
  const auto end = of->deadline() + grace;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (!under_way[i])
      continue;
    auto found = await(*std::move(under_way[i]), end);
    result.abandoned = result.abandoned || !found;
    result.all[i].found =
        found ? *std::move(found) : findings{too_slow(of->timeout)};
  }
  return result;
}

} // namespace mfo::node::doctor
