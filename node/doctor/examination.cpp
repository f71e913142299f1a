#include "node/doctor/examination.hpp"

#include <fmt/format.h>

#include <exception>
#include <future>
#include <optional>
#include <thread>
#include <utility>

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

/// On a thread of its own, which nobody has to wait for.
std::future<findings> begin(const check_entry& by,
                            std::shared_ptr<const patient> of) {
  std::promise<findings> promise;
  auto result = promise.get_future();
  std::thread{[&by, of = std::move(of),
               promise = std::move(promise)]() mutable {
    promise.set_value(look(by, *of));
  }}.detach();
  return result;
}

} // namespace

examination examine(std::shared_ptr<const patient> of,
                    std::span<const check_entry* const> checks) {
  examination result;
  for (const auto* each : checks)
    result.all.push_back(
        {each->name, each->asks_others ? findings{} : look(*each, *of)});
  std::vector<std::optional<std::future<findings>>> under_way;
  for (const auto* each : checks)
    under_way.push_back(each->asks_others ? std::optional{begin(*each, of)}
                                          : std::nullopt);
  const auto end = of->deadline() + grace;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    if (!under_way[i])
      continue;
    if (under_way[i]->wait_until(end) == std::future_status::ready) {
      result.all[i].found = under_way[i]->get();
    } else {
      result.all[i].found = {too_slow(of->timeout)};
      result.abandoned = true;
    }
  }
  return result;
}

} // namespace mfo::node::doctor
