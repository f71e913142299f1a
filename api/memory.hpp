#pragma once

#include "api/json_body.hpp"

#include "config/server_settings.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The server's memory: any JSON value under a key, scoped to the user. Its
/// documents show two forms; `config::memory_form` says which one a server
/// speaks.
namespace mfo::api {

/// GET of the keys; the same in both forms.
call make_memory_list_call(const config::path_settings& paths);

struct memory_list_reply {
  std::vector<std::string> keys;
};

/// {"keys":[…]} or the bare array; an element is a key, or an object that has
/// one under `key`.
tl::expected<memory_list_reply, api_error>
parse_memory_list_reply(const http::client_response& reply);

call_result make_memory_get_call(const config::path_settings& paths,
                                 config::memory_form form,
                                 std::string_view key);

struct memory_get_reply {
  json value; ///< any value, null included
};

tl::expected<memory_get_reply, api_error>
parse_memory_get_reply(const http::client_response& reply);

struct memory_set_request {
  std::string key;
  json value;
};

/// Sets a key, whether it is new or not: PUT {"value"} to the key, or POST
/// {"key","value"} to …/set. Repeatable: twice is the same as once.
call_result make_memory_set_call(const config::path_settings& paths,
                                 config::memory_form form,
                                 const memory_set_request& request);

/// Keyed form only: POST {"key","value"}, for servers whose PUT replaces and
/// does not create. They answer 404 to a set of a new key; this comes next.
call_result make_memory_create_call(const config::path_settings& paths,
                                    const memory_set_request& request);

/// DELETE of the key. The set-get form documents no way to forget a key, so
/// it borrows the keyed form's.
call_result make_memory_delete_call(const config::path_settings& paths,
                                    std::string_view key);

/// For set, create and delete: any 2xx will do.
tl::expected<void, api_error>
parse_memory_change_reply(const http::client_response& reply);

} // namespace mfo::api
