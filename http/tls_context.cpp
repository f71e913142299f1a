#include "http/tls_context.hpp"

#include "core/certificate_end.hpp"
#include "http/tls_files.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <optional>
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

struct free_text {
  void operator()(unsigned char* text) const noexcept {
    OPENSSL_free(text);
  }
};

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

bool is_for(const std::vector<std::string>& wanted, std::string_view name) {
  return std::ranges::find(wanted, name) != wanted.end();
}

/// Nothing when the certificate has no alternative names of a kind that
/// `client_names` can name.
std::optional<bool>
has_alternative_name(X509* certificate,
                     const std::vector<std::string>& wanted) {
  const names_ptr names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
          certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free};
  std::optional<bool> found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    const bool comparable = name->type == GEN_DNS || name->type == GEN_URI ||
                            name->type == GEN_EMAIL;
    if (comparable)
      found = found.value_or(false) || is_for(wanted, bytes_of(name->d.ia5));
  }
  return found;
}

/// A common name may be in one of several encodings, and is compared as text.
bool has_common_name(X509* certificate,
                     const std::vector<std::string>& wanted) {
  const auto* subject = X509_get_subject_name(certificate);
  int at = -1;
  while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0) {
    unsigned char* text = nullptr;
    const auto size = ASN1_STRING_to_UTF8(
        &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0)
      continue;
    const std::unique_ptr<unsigned char, free_text> owner{text};
    if (is_for(wanted, {reinterpret_cast<const char*>(text),
                        static_cast<std::size_t>(size)}))
      return true;
  }
  return false;
}

/// Whether the certificate is for one of `wanted`. Its common name counts only
/// where it has no better one (RFC 6125, section 6.4.4).
bool is_named(X509* certificate, const std::vector<std::string>& wanted) {
  const auto found = has_alternative_name(certificate, wanted);
  return found ? *found : has_common_name(certificate, wanted);
}

/// Those that are trusted as they stand need no list of their issuer, who may
/// not be known here at all.
bool is_of_the_anchor(X509_STORE_CTX* chain) {
  const auto* all = X509_STORE_CTX_get0_chain(chain);
  return X509_STORE_CTX_get_error(chain) == X509_V_ERR_UNABLE_TO_GET_CRL &&
         X509_STORE_CTX_get_error_depth(chain) > 0 &&
         X509_STORE_CTX_get_error_depth(chain) == sk_X509_num(all) - 1;
}

/// OpenSSL has found the chain good so far; the names are ours to check.
int check_client(int good, X509_STORE_CTX* chain) {
  if (good != 1 && is_of_the_anchor(chain)) {
    X509_STORE_CTX_set_error(chain, X509_V_OK);
    return 1;
  }
  if (good != 1 || X509_STORE_CTX_get_error_depth(chain) != 0)
    return good;
  const auto* session = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* context = static_cast<const listener_context*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(session), context_slot()));
  auto* certificate = X509_STORE_CTX_get_current_cert(chain);
  const auto& wanted = context->client_names;
  if (wanted.empty() || is_named(certificate, wanted))
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
  context.asks_clients = true;
  // An authority that is not a root can be trusted alone.
  X509_STORE_set_flags(SSL_CTX_get_cert_store(handle),
                       X509_V_FLAG_PARTIAL_CHAIN);
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
  result->expires = core::certificate_end(SSL_CTX_get0_certificate(handle))
                        .value_or(std::chrono::sys_seconds{});
  return result;
}

std::vector<std::string>
find_file_faults(const config::listener_tls_settings& settings) {
  listener_context scratch;
  std::vector<std::string> faults;
  note_identity(faults, scratch.ssl, settings.certificate, settings.key);
  if (settings.client_auth == config::client_auth_mode::none)
    return faults;
  note(faults, trust_file(scratch.ssl, settings.client_ca));
  if (!settings.crl.empty())
    note(faults, distrust_file(scratch.ssl, settings.crl));
  return faults;
}

} // namespace mfo::http
