// What jq expressions cost: to load a workflow of many, and to run one that is
// compiled with others. The rate is that of expressions.

#include "taskflow/expression/jq.hpp"
#include "taskflow/load/load.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using namespace mfo::taskflow;

std::string number(std::size_t i) {
  return std::to_string(i);
}

/// One expression a task; `bad` is one that jq refuses.
std::string workflow_of(std::size_t count, std::size_t bad) {
  std::string text = "workflow_name: w\ntaskflows:\n- taskflow_id: main\n"
                     "  tasks:\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += "  - {id: t" + number(i);
    text += ", type: set, config: {value: '${$input.items | map(select(.n > " +
            number(i) + ")) | " + (i == bad ? "lenght" : "length") + "}'}}\n";
  }
  return text;
}

void load_all(benchmark::State& state, std::size_t bad, bool loads) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto text = workflow_of(count, bad);
  for (auto _ : state)
    if (load_text(text, "flow.yaml", {}).has_value() != loads) {
      state.SkipWithError("it did not load as it should");
      break;
    }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void expressions_load(benchmark::State& state) {
  load_all(state, static_cast<std::size_t>(-1), true);
}
BENCHMARK(expressions_load)
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->Arg(200)
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond);

/// Of which one is wrong, which has to be found.
void expressions_refused(benchmark::State& state) {
  load_all(state, static_cast<std::size_t>(state.range(0)) / 2, false);
}
BENCHMARK(expressions_refused)
    ->Arg(10)
    ->Arg(200)
    ->Unit(benchmark::kMillisecond);

class one_item : public scope {
public:
  const json* root(std::string_view) const override {
    return &item_;
  }
  const json* result(std::string_view) const override {
    return nullptr;
  }
  json tasks(const std::vector<std::string>&) const override {
    return json::object();
  }
  json dot() const override {
    return nullptr;
  }
  const std::string* secret(std::string_view) const override {
    return nullptr;
  }

private:
  json item_{{"n", 3}};
};

/// One of so many.
void expressions_run(benchmark::State& state) {
  std::vector<jq_program> programs;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    programs.push_back(*jq_program::read("$item.n + " + std::to_string(i)));
  for (const auto& problem : jq_program::compile_all(programs))
    if (problem)
      return state.SkipWithError(problem->message.c_str());
  const one_item in;
  const auto& one = programs[programs.size() / 2];
  for (auto _ : state)
    benchmark::DoNotOptimize(one.run(in));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(expressions_run)->Arg(1)->Arg(2)->Arg(10)->Arg(200)->Arg(1'000);

} // namespace
