#include "actors/server_caller.hpp"

#include "actors/refusals.hpp"
#include "core/trace_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mfo::actors {

namespace {

using core::errc;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using steady_time = caller_host::steady_time;

/// What a retry waits for when only requests can fill the budget.
constexpr milliseconds budget_wait{1'000};

/// So many calls that come cost no memory of their own.
constexpr std::size_t most_spare{256};

} // namespace

server_caller::server_caller(caller_deps deps, caller_host& host)
  : server_(std::move(deps.server)), auth_(std::move(deps.auth)),
    report_(server_, std::move(deps.report)), host_(host),
    policy_(server_.retry), budget_(server_.retry_budget, host.now()),
    gate_(server_) {
  report_.publish(gate_, 0);
}

server_caller::~server_caller() = default;

void server_caller::accept(std::unique_ptr<server_call> call) {
  if (abandoned_) {
    refuse(*call, node_stops(false));
    return;
  }
  const auto weight = call->weight();
  if (held_ + weight > server_.max_in_flight + server_.max_waiting) {
    refuse(*call, core::refused(errc::saturated, "too many calls are held"));
    return;
  }
  const auto now = host_.now();
  if (const auto left = gate_.open_for(now);
      left > left.zero() && !call->patient()) {
    refuse(*call, circuit_open(round_up(left), last_failure_));
    return;
  }
  const auto number = ++last_number_;
  held_ += weight;
  const auto fair =
      fair_time_of(server_.request_timeout, call->deadline() - now);
  auto& it = new_entry(number);
  it.line.number = number;
  it.call = std::move(call);
  it.weight = weight;
  it.fair_time = fair;
  put(it, place::ready);
  pump(now);
}

server_caller::entry& server_caller::new_entry(std::uint64_t number) {
  if (spare_.empty())
    return calls_[number];
  auto node = std::move(spare_.back());
  spare_.pop_back();
  node.key() = number;
  return calls_.insert(std::move(node)).position->second;
}

/// What it was made of is there for another call.
void server_caller::keep(call_map::node_type node) {
  node.mapped() = {};
  if (spare_.size() < most_spare)
    spare_.push_back(std::move(node));
}

/// Answers a call that was never tried.
void server_caller::refuse(server_call& call, core::outcome outcome) {
  report_.refused(*outcome.error);
  call.finish(std::move(outcome), nullptr);
}

void server_caller::retry(std::uint64_t number) {
  const auto found = calls_.find(number);
  if (found == calls_.end() || found->second.where != place::backing_off)
    return;
  auto& it = found->second;
  if (it.unpaid) {
    milliseconds delay{0};
    if (!pay_for_retry(it, delay)) {
      host_.retry_after(delay, number);
      return;
    }
  }
  put(it, place::ready);
  pump(host_.now());
}

void server_caller::wake(std::uint64_t number) {
  if (number != last_wake_)
    return;
  wakes_at_.reset();
  pump(host_.now());
}

/// Begins what may begin, and sees to it that it is called again for the rest.
void server_caller::pump(steady_time now) {
  end_overdue(now);
  while (!ready_.empty() && begin_next(now)) {
  }
  if (ready_.empty())
    gate_.nobody_waits(now);
  wake_for_deadlines(now);
  report_.publish(gate_, calls_.size());
}

void server_caller::put(entry& it, place where) {
  if (auto* const line = line_of(it.where))
    line->remove(it.line);
  it.where = where;
  it.line.deadline = it.call->deadline();
  it.line.patient = it.call->patient();
  if (auto* const line = line_of(where))
    line->add(it.line);
}

waiting_calls* server_caller::line_of(place where) {
  switch (where) {
  case place::ready:
    return &ready_;
  case place::backing_off:
    return &backing_off_;
  case place::on_the_wire:
    break;
  }
  return nullptr;
}

/// False when those that are ready have to wait on.
bool server_caller::begin_next(steady_time now) {
  if (gate_.is_full(now))
    return false;
  if (const auto left = gate_.open_for(now); left > left.zero()) {
    // Nor is there a login meanwhile: that is a call to the server too.
    end_impatient(round_up(left));
    wake_at(now + left, now);
    return false;
  }
  auto ready = credentials(now);
  if (!ready)
    return false;
  const auto answer = gate_.ask(now);
  report_.changed(answer.changed, "it is time to try again");
  switch (answer.what) {
  case core::call_gate::verdict::begin: {
    const auto number = answer.probe ? ready_.youngest() : ready_.most_urgent();
    begin_try(number, calls_.at(number), answer.ticket, *std::move(ready));
    return true;
  }
  case core::call_gate::verdict::full:
    return false;
  case core::call_gate::verdict::later:
    end_hopeless(answer.when, now);
    break;
  case core::call_gate::verdict::refuse:
    end_impatient(round_up(answer.when - now));
    break;
  }
  wake_at(answer.when, now);
  return false;
}

/// Nothing: a login comes first, or what waits has been answered.
std::optional<api::auth_provider::credentials_set>
server_caller::credentials(steady_time now) {
  const auto wall = host_.wall_now();
  auto result = auth_->credentials(wall);
  if ((!result || auth_->renewal_due(wall)) && login_.begin(*auth_, wall))
    host_.log_in(auth_->login_request());
  if (result || login_.under_way())
    return result;
  const auto left = round_up(duration_cast<std::chrono::steady_clock::duration>(
      auth_->login_not_before() - wall));
  end_without_login(left);
  wake_at(now + left, now);
  return std::nullopt;
}

void server_caller::begin_try(std::uint64_t number, entry& it,
                              const core::circuit_breaker::ticket& ticket,
                              api::auth_provider::credentials_set credentials) {
  const auto now = host_.now();
  if (++it.tries == 1) {
    it.first_try = now;
    budget_.on_request(now);
  }
  put(it, place::on_the_wire);
  it.try_began = now;
  it.ticket = ticket;
  it.generation = credentials.generation;
  auto request = it.call->request();
  for (const auto& [name, value] : credentials.headers)
    request.headers.add(name, value);
  request.headers.add("Idempotency-Key", it.call->id());
  it.span = report_.traces(*it.call) ? new_span(*it.call) : 0;
  if (it.span == 0)
    request.headers.add("traceparent", it.call->traceparent());
  else
    request.headers.add("traceparent",
                        core::with_span(it.call->traceparent(), it.span));
  if (const auto state = it.call->tracestate(); !state.empty())
    request.headers.add("tracestate", state);
  it.given = std::clamp(duration_cast<milliseconds>(it.call->deadline() - now),
                        milliseconds{1}, server_.request_timeout);
  request.timeout = it.given;
  host_.send(std::move(request), number);
}

/// Of the host's random numbers, so that a test knows what comes.
std::uint64_t server_caller::new_span(const server_call& call) {
  constexpr double bits = 9007199254740992.0; // 2^53, all that a double has
  return core::child_span(static_cast<std::uint64_t>(host_.uniform() * bits),
                          call.id());
}

void server_caller::replied(std::uint64_t number,
                            const http::client_result& result) {
  const auto found = calls_.find(number);
  if (found == calls_.end() || found->second.where != place::on_the_wire)
    return;
  auto& it = found->second;
  const auto now = host_.now();
  const auto took = now - it.try_began;
  auto verdict =
      judge_try(result, {.retry_after_max = server_.retry.retry_after_max,
                         .given = it.given,
                         .fair_time = it.fair_time});
  const auto changed =
      gate_.ended(now, it.ticket, it.try_began, verdict.result,
                  verdict.outcome.retry_after, host_.uniform());
  report_.tried(*it.call, verdict, result, now, took, it.tries);
  if (it.span != 0)
    report_.trace(*it.call, verdict,
                  {.span = it.span,
                   .number = it.tries,
                   .at = host_.wall_now(),
                   .took = took});
  report_.changed(changed, verdict.outcome.detail);
  if (verdict.outcome.error && verdict.result != core::call_result::ignored)
    last_failure_ = verdict.outcome.detail;
  end_try(number, it, std::move(verdict), result ? &*result : nullptr);
  // An open circuit ends the tries at once. It is later: the end of one call
  // may have brought others.
  const auto later = host_.now();
  if (const auto left = gate_.open_for(later); left > left.zero())
    end_impatient(round_up(left));
  pump(later);
}

void server_caller::end_try(std::uint64_t number, entry& it,
                            try_judgement verdict,
                            const http::client_response* reply) {
  if (verdict.kind == core::reply_class::accepted && reply != nullptr)
    settle(it, verdict, *reply);
  if (it.unwanted)
    return finish(number, std::move(verdict.outcome), reply);
  if (verdict.kind == core::reply_class::unauthorized && try_with_new_login(it))
    return;
  if (verdict.kind == core::reply_class::transient &&
      (it.call->repeatable() || !verdict.may_have_acted) &&
      !it.call->answered_in_part() && plan_retry(number, it, verdict))
    return;
  finish(number, std::move(verdict.outcome), reply);
}

bool server_caller::try_with_new_login(entry& it) {
  if (it.login_tried || !auth_->refused(it.generation, host_.wall_now()))
    return false;
  it.login_tried = true;
  put(it, place::ready);
  return true;
}

/// A 2xx may leave a part of the call to be tried again.
void server_caller::settle(entry& it, try_judgement& verdict,
                           const http::client_response& reply) {
  auto left = it.call->settle(reply, it.tries);
  if (!left)
    return;
  held_ -= it.weight;
  it.weight = it.call->weight();
  held_ += it.weight;
  verdict.kind = core::reply_class::transient;
  verdict.may_have_acted = false;
  verdict.outcome = *std::move(left);
}

/// False: there is no further try.
bool server_caller::plan_retry(std::uint64_t number, entry& it,
                               const try_judgement& verdict) {
  const auto now = host_.now();
  const auto delay = policy_.next_delay(
      {.count = it.tries,
       .since_first = duration_cast<milliseconds>(now - it.first_try),
       .retry_after = verdict.outcome.retry_after,
       .time_left = duration_cast<milliseconds>(it.call->deadline() - now)},
      host_.uniform());
  if (!delay)
    return false;
  auto wait = *delay;
  if (!pay_for_retry(it, wait) && !it.call->patient())
    return false;
  it.last = verdict.outcome;
  put(it, place::backing_off);
  host_.retry_after(wait, number);
  return true;
}

/// Whether the budget allows a retry now. If not, `delay` becomes at least the
/// time that it takes.
bool server_caller::pay_for_retry(entry& it, milliseconds& delay) {
  const auto now = host_.now();
  it.unpaid = !budget_.try_withdraw(now);
  if (!it.unpaid)
    return true;
  const auto wait = budget_.time_until_next(now);
  const auto least = wait ? round_up(*wait) : budget_wait;
  // Spread, so that those who wait do not all ask for the same token.
  const auto spread = milliseconds{
      static_cast<milliseconds::rep>(budget_wait.count() * host_.uniform())};
  delay = std::max(delay, least + spread);
  return false;
}

void server_caller::finish(std::uint64_t number, core::outcome outcome,
                           const http::client_response* reply) {
  auto node = calls_.extract(number);
  auto& it = node.mapped();
  if (auto* const line = line_of(it.where))
    line->remove(it.line);
  // Before the answer, which may bring another call.
  held_ -= it.weight;
  outcome.attempts = it.tries;
  if (!it.unwanted) {
    if (it.tries == 0)
      refuse(*it.call, std::move(outcome));
    else
      it.call->finish(std::move(outcome), reply);
  }
  keep(std::move(node));
}

void server_caller::cancel(std::string_view id) {
  const auto found = std::ranges::find_if(
      calls_, [id](const auto& each) { return each.second.call->id() == id; });
  if (found == calls_.end())
    return;
  auto& [number, it] = *found;
  if (it.where != place::on_the_wire)
    return finish(number, not_wanted());
  it.unwanted = true;
  host_.abort(number);
  it.call->finish(not_wanted(), nullptr);
}

void server_caller::abandon() {
  abandoned_ = true;
  std::vector<std::uint64_t> held;
  for (const auto& [number, it] : calls_)
    held.push_back(number);
  for (const auto number : held) {
    const auto& it = calls_.at(number);
    auto outcome = node_stops(it.where == place::on_the_wire);
    if (it.last)
      outcome.upstream_status = it.last->upstream_status;
    if (it.where == place::on_the_wire)
      gate_.ended(host_.now(), it.ticket, it.try_began,
                  core::call_result::ignored, milliseconds{0}, 0);
    finish(number, std::move(outcome));
  }
  report_.publish(gate_, 0);
}

void server_caller::logged_in(const http::client_result& result) {
  login_.ended();
  const auto done = auth_->logged_in(result, host_.wall_now());
  login_failure_ = done ? std::string{} : done.error();
  const auto now = host_.now();
  report_.logged_in(login_failure_, now);
  pump(now);
}

} // namespace mfo::actors
