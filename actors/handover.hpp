#pragma once

#include "core/outcome.hpp"

#include <caf/all.hpp>
#include <caf/detail/profiled_send.hpp>
#include <caf/no_stages.hpp>

#include <type_traits>
#include <utility>

/// `delegate` and the response promise of CAF for what every event does, with
/// one allocation in place of two: CAF 0.17.6 makes a message there, and an
/// element of the mailbox around it; here the element holds the values, as it
/// does for `send` and `request`. Who is the sender, under which id, and that
/// an actor which is gone bounces a request, is as in
/// libcaf_core/src/response_promise.cpp (delegate_impl, deliver_impl).
namespace mfo::actors {

static_assert(CAF_VERSION == 1706); // see above

/// As `self->delegate(next, values...)`, within the handler of a request.
template <class Self, class Next, class... Values>
typename caf::response_type<typename Next::signatures,
                            std::decay_t<Values>...>::delegated_type
pass_on(Self* self, const Next& next, Values&&... values) {
  auto& request = *self->current_mailbox_element();
  caf::detail::profiled_send(self, std::move(request.sender), next, request.mid,
                             std::move(request.stages), self->context(),
                             std::forward<Values>(values)...);
  return {};
}

/// As caf::typed_response_promise<core::outcome>, but it is moved only. A
/// handler that has made one returns caf::delegated<core::outcome>.
class outcome_promise {
public:
  /// Nobody's: not pending.
  outcome_promise() = default;

  /// Of the request that `self` handles now.
  explicit outcome_promise(caf::local_actor* self)
    : self_(self), promise_(self->make_response_promise()) {}

  outcome_promise(outcome_promise&& other) noexcept
    : self_(other.self_), promise_(std::exchange(other.promise_, {})) {}

  outcome_promise& operator=(outcome_promise&& other) noexcept {
    self_ = other.self_;
    promise_ = std::exchange(other.promise_, {});
    return *this;
  }

  outcome_promise(const outcome_promise&) = delete;
  outcome_promise& operator=(const outcome_promise&) = delete;
  ~outcome_promise() = default;

  [[nodiscard]] bool pending() const {
    return promise_.pending();
  }

  /// A second call does nothing.
  void deliver(core::outcome result) {
    auto promise = std::exchange(promise_, {});
    if (!promise.pending())
      return;
    if (promise.stages().empty())
      caf::detail::profiled_send(self_, self_->ctrl(), promise.source(),
                                 promise.id().response_id(), caf::no_stages,
                                 self_->context(), std::move(result));
    else
      promise.deliver(std::move(result));
  }

private:
  caf::local_actor* self_ = nullptr; ///< kept alive by the promise
  caf::response_promise promise_;
};

} // namespace mfo::actors
