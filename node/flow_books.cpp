#include "node/flow_books.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace mfo::node {

namespace {

std::array<std::uint8_t, 16> unguessable() {
  std::array<std::uint8_t, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error{"no random bytes are to be had"};
  return bytes;
}

} // namespace

flow_books open_flow_books(std::size_t keep_runs,
                           std::function<void(const std::string& run)> cancel,
                           std::shared_ptr<telemetry::span_sink> spans) {
  flow_books books;
  books.questions = std::make_shared<core::question_desk>(unguessable);
  books.runs = std::make_shared<telemetry::run_book>(
      telemetry::run_book::bounds{.keep_runs = keep_runs}, std::move(spans));
  books.records = std::make_shared<actors::flow_records>(books.runs);
  books.control =
      std::make_shared<run_control>(books.records, std::move(cancel));
  return books;
}

http::task_control control_of(const flow_books& books) {
  return {.runs = books.runs,
          .questions = books.questions,
          .start =
              [to = books.control](const http::manual_start& what,
                                   http::task_control::begun_function begun,
                                   http::task_control::ended_function ended) {
                to->start(what, std::move(begun), std::move(ended));
              },
          .cancel =
              [to = books.control](const std::string& run) {
                to->cancel(run);
              }};
}

} // namespace mfo::node
