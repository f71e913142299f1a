#pragma once

#include <caf/all.hpp>
#include <tl/expected.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace mfo::node {

/// Asks actors on behalf of a thread that is none of theirs and waits for the
/// answer, until another thread says that nobody wants it any more. (What waits
/// for a response in a scoped actor cannot be told so, and CAF 0.17 does not
/// tell it when the one who was asked is gone.)
template <class Result>
class actor_question {
public:
  /// The answer, or why there is none. By one thread at a time.
  template <class Whom, class Timeout, class... What>
  tl::expected<Result, std::string> ask(caf::actor_system& system,
                                        const Whom& whom,
                                        const Timeout& longest, What... what) {
    auto to = std::make_shared<waiting>();
    auto answer = to->answer.get_future();
    {
      const std::lock_guard lock{mutex_};
      if (abandoned_)
        return tl::unexpected{std::string{given_up}};
      messenger_ = system.spawn(
          [to, whom, longest, what...](caf::event_based_actor* self) {
            self->attach_functor([to](const caf::error&) {
              to->give(tl::unexpected{std::string{given_up}});
            });
            self->request(whom, longest, what...)
                .then([to](const Result& result) { to->give(result); },
                      [to](const caf::error& why) {
                        to->give(tl::unexpected{caf::to_string(why)});
                      });
          });
    }
    return answer.get();
  }

  /// Whoever waits, or will, has no answer. Any thread.
  void abandon() {
    const std::lock_guard lock{mutex_};
    abandoned_ = true;
    if (messenger_)
      caf::anon_send_exit(messenger_, caf::exit_reason::kill);
  }

private:
  static constexpr const char* given_up = "given up";

  /// Who comes second comes too late: one after the other, in the messenger.
  struct waiting {
    void give(tl::expected<Result, std::string> result) {
      if (!std::exchange(given, true))
        answer.set_value(std::move(result));
    }

    std::promise<tl::expected<Result, std::string>> answer;
    bool given = false;
  };

  std::mutex mutex_;
  bool abandoned_ = false; ///< guarded by mutex_, as the next
  caf::actor messenger_;
};

} // namespace mfo::node
