#include "telemetry/http_call_metrics.hpp"

#include "telemetry/registration.hpp"

#include <algorithm>
#include <string>

namespace mfo::telemetry {

http_call_metrics::http_call_metrics(prometheus::Registry& registry)
  : duration_(&add_family<prometheus::Histogram>(registry, http_call_duration)
                   .Add({}, duration_buckets)) {
  auto& family = add_family<prometheus::Counter>(registry, http_calls);
  for (std::size_t i = 0; i < http_call_results.size(); ++i)
    counts_[i] = &family.Add({{"result", std::string{http_call_results[i]}}});
}

void http_call_metrics::ended(std::string_view result, seconds took) {
  const auto found = std::ranges::find(http_call_results, result);
  const auto at = found == http_call_results.end()
                      ? http_call_results.size() - 1
                      : static_cast<std::size_t>(
                            std::distance(http_call_results.begin(), found));
  counts_[at]->Increment();
  duration_->Observe(took.count());
}

} // namespace mfo::telemetry
