#include "http/tls_context.hpp"

#include "http/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

namespace mfo::http {

namespace {

constexpr auto ciphers_of_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto groups = "X25519:P-256:P-384";
constexpr std::string_view http_1_1{"http/1.1"};
/// A client's chain: bytes, and certificates above its own.
constexpr long longest_chain = 32 * 1024;
constexpr int deepest_chain = 8;

using names_ptr = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

/// Which slot of an SSL_CTX holds its listener_context.
int context_slot() {
  static const int slot =
      SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return slot;
}

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

bool is_for(const std::vector<std::string>& wanted, const ASN1_STRING* name) {
  return std::ranges::find(wanted, bytes_of(name)) != wanted.end();
}

bool has_alternative_name(X509* certificate,
                          const std::vector<std::string>& wanted) {
  const names_ptr names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
          certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free};
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    const bool comparable = name->type == GEN_DNS || name->type == GEN_URI ||
                            name->type == GEN_EMAIL;
    if (comparable && is_for(wanted, name->d.ia5))
      return true;
  }
  return false;
}

bool has_common_name(X509* certificate,
                     const std::vector<std::string>& wanted) {
  const auto* subject = X509_get_subject_name(certificate);
  int at = -1;
  while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0)
    if (is_for(wanted,
               X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))))
      return true;
  return false;
}

/// OpenSSL has found the chain good so far; the names are ours to check.
int check_client(int good, X509_STORE_CTX* chain) {
  if (good != 1 || X509_STORE_CTX_get_error_depth(chain) != 0)
    return good;
  const auto* session = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* context = static_cast<const listener_context*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), context_slot()));
  auto* certificate = X509_STORE_CTX_get_current_cert(chain);
  const auto& wanted = context->client_names;
  if (wanted.empty() || has_alternative_name(certificate, wanted) ||
      has_common_name(certificate, wanted))
    return 1;
  X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

/// A client that names protocols and not ours would take our answers for
/// something else.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size,
                    void*) {
  const std::string_view all{reinterpret_cast<const char*>(offered),
                             offered_size};
  for (std::size_t at = 0; at < all.size();) {
    const auto length = static_cast<unsigned char>(all[at]);
    if (all.substr(at + 1, length) == http_1_1) {
      *chosen = offered + at + 1;
      *size = length;
      return SSL_TLSEXT_ERR_OK;
    }
    at += 1u + length;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_strength(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_cipher_list(context, ciphers_of_1_2);
  SSL_CTX_set1_groups_list(context, groups);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context, select_protocol, nullptr);
}

tls_complaint ask_clients(listener_context& context,
                          const config::listener_tls_settings& settings) {
  using enum config::client_auth_mode;
  if (settings.client_auth == none)
    return std::nullopt;
  if (auto failure = trust_file(context.ssl, settings.client_ca))
    return failure;
  if (!settings.crl.empty())
    if (auto failure = distrust_file(context.ssl, settings.crl))
      return failure;
  auto* handle = context.ssl.native_handle();
  // Tells clients whose certificates are worth sending.
  SSL_CTX_set_client_CA_list(
      handle, SSL_load_client_CA_file(settings.client_ca.c_str()));
  ERR_clear_error();
  SSL_CTX_set_ex_data(handle, context_slot(), &context);
  SSL_CTX_set_verify(handle,
                     SSL_VERIFY_PEER | (settings.client_auth == require
                                            ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                                            : 0),
                     check_client);
  SSL_CTX_set_verify_depth(handle, deepest_chain);
  SSL_CTX_set_max_cert_list(handle, longest_chain);
  SSL_CTX_set_options(handle, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(handle, 0);
  return std::nullopt;
}

std::chrono::sys_seconds end_of(const X509* certificate) {
  std::tm time{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time);
  return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&time)}};
}

} // namespace

tl::expected<listener_context_ptr, std::string>
make_listener_context(const config::listener_tls_settings& settings) {
  auto result = std::make_shared<listener_context>();
  auto* handle = result->ssl.native_handle();
  set_oldest_version(result->ssl, settings.min_version);
  set_strength(handle);
  result->client_names = settings.client_names;
  auto failure =
      identify_by_files(result->ssl, settings.certificate, settings.key);
  if (!failure)
    failure = ask_clients(*result, settings);
  if (failure)
    return tl::unexpected(std::move(*failure));
  result->expires = end_of(SSL_CTX_get0_certificate(handle));
  return result;
}

} // namespace mfo::http
