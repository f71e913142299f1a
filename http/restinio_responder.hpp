#pragma once

#include "http/answer.hpp"

#include <restinio/all.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace mfo::http {

/// Holds what RESTinio needs for the response and nothing of the request, so
/// that the request's memory is free while the event is on its way.
///
/// It hands RESTinio the whole message. RESTinio's own builder would keep room
/// for fields as long as the event is on its way, and copy each of them from
/// one allocation to another.
class restinio_responder final : public responder {
public:
  /// Takes the connection from the request, as a builder does.
  explicit restinio_responder(restinio::request_t& request)
    : connection_(
          std::exchange(restinio::impl::access_req_connection(request), {})),
      request_(request.request_id()),
      keep_alive_(request.header().should_keep_alive()) {}

  void send(answer value) noexcept override {
    const bool ends = value.close || !keep_alive_;
    value.close = ends;
    try {
      restinio::writable_items_container_t message;
      message.emplace_back(
          to_message(std::move(value), std::chrono::system_clock::now()));
      const auto connection = std::exchange(connection_, nullptr);
      connection->write_response_parts(
          request_,
          {restinio::response_parts_attr_t::final_parts,
           restinio::response_connection_attr(!ends)},
          restinio::write_group_t{std::move(message)});
    } catch (const std::exception&) {
      // Out of memory: RESTinio ends the connection when its time is up.
    }
  }

private:
  restinio::impl::connection_handle_t connection_;
  restinio::request_id_t request_;
  bool keep_alive_;
};

} // namespace mfo::http
