#include "cluster/transport/tls_identity.hpp"

#include "cluster/transport/tls_failure.hpp"
#include "config/file.hpp"
#include "core/certificate_end.hpp"
#include "core/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mfo::cluster::wire {

namespace {

/// A peer's chain: bytes, and certificates above its own.
constexpr long longest_chain = 32 * 1024;
constexpr int deepest_chain = 4;
constexpr auto groups = "X25519:P-256:P-384";

std::string bad_file(const char* what, const std::string& path,
                     const std::string& why) {
  return std::string{"cannot use the "} + what + " file " + path + ": " + why;
}

/// OpenSSL would wait for a FIFO, and has no word for a folder.
std::optional<std::string> not_a_file(const char* what,
                                      const std::string& path) {
  if (const auto why = config::why_not_regular(path))
    return bad_file(what, path, *why);
  return std::nullopt;
}

/// Nobody is there to be asked for a pass phrase.
int no_pass_phrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

std::optional<std::string> load_key(SSL_CTX* context, const tls_files& files) {
  auto was_asked = false;
  SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, &was_asked);
  const auto loaded = SSL_CTX_use_PrivateKey_file(context, files.key.c_str(),
                                                  SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (was_asked)
    return bad_file("key", files.key,
                    "it is encrypted; take the pass phrase "
                    "off (openssl pkey -in … -out …)");
  const auto why = ERR_GET_REASON(ERR_peek_error());
  if (!loaded && why != X509_R_KEY_VALUES_MISMATCH)
    return bad_file("key", files.key, openssl_text());
  if (!loaded || SSL_CTX_check_private_key(context) != 1)
    return bad_file("key", files.key,
                    "it is not the key of the certificate in " +
                        files.certificate);
  return std::nullopt;
}

std::optional<std::string> load_files(SSL_CTX* context,
                                      const tls_files& files) {
  if (auto why = not_a_file("certificate", files.certificate))
    return why;
  if (auto why = not_a_file("key", files.key))
    return why;
  if (auto why = not_a_file("CA", files.ca))
    return why;
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) !=
      1)
    return bad_file("certificate", files.certificate, openssl_text());
  if (auto why = load_key(context, files))
    return why;
  if (SSL_CTX_load_verify_file(context, files.ca.c_str()) != 1)
    return bad_file("CA", files.ca, openssl_text());
  return std::nullopt;
}

void set_rules(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set1_groups_list(context, groups);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     tls_session::check_certificate);
  SSL_CTX_set_verify_depth(context, deepest_chain);
  SSL_CTX_set_max_cert_list(context, longest_chain);
  // An authority that is not a root can be trusted alone.
  X509_STORE_set_flags(SSL_CTX_get_cert_store(context),
                       X509_V_FLAG_PARTIAL_CHAIN);
}

std::chrono::sys_seconds end_of(const X509* certificate) {
  return core::certificate_end(certificate)
      .value_or(std::chrono::sys_seconds{});
}

} // namespace

tls_identity::tls_identity(tls_files files, state first)
  : files_(std::move(files)), state_(std::move(first)) {}

tl::expected<std::shared_ptr<tls_identity>, std::string>
tls_identity::load(tls_files files) {
  auto first = read(files);
  if (!first)
    return tl::unexpected(std::move(first.error()));
  return std::shared_ptr<tls_identity>{
      new tls_identity{std::move(files), *std::move(first)}};
}

tl::expected<void, std::string> tls_identity::reload() {
  auto next = read(files_);
  if (!next)
    return tl::unexpected(std::move(next.error()));
  const std::lock_guard lock{mutex_};
  state_ = *std::move(next);
  return {};
}

std::string tls_identity::own_name() const {
  return current().own_name;
}

std::chrono::sys_seconds tls_identity::expires() const {
  return current().expires;
}

std::unique_ptr<tls_session>
tls_identity::open_session(direction way, int socket,
                           tls_session::identity_check check) const {
  return std::make_unique<tls_session>(current().context, way, socket,
                                       std::move(check));
}

tl::expected<tls_identity::state, std::string>
tls_identity::read(const tls_files& files) {
  ERR_clear_error();
  const ssl_context_ptr context{SSL_CTX_new(TLS_method()),
                                freed_with<SSL_CTX_free>{}};
  if (context == nullptr)
    return tl::unexpected("cannot use TLS: " + openssl_text());
  set_rules(context.get());
  if (auto why = load_files(context.get(), files))
    return tl::unexpected(*std::move(why));
  const auto* certificate = SSL_CTX_get0_certificate(context.get());
  auto names = names_of(certificate);
  if (names.empty())
    return tl::unexpected(
        bad_file("certificate", files.certificate, "there is no name in it"));
  if (files.name.empty())
    return state{context, std::move(names.front()), end_of(certificate)};
  if (std::none_of(names.begin(), names.end(), [&](const auto& each) {
        return core::equal_ignoring_case(each, files.name);
      }))
    return tl::unexpected(
        bad_file("certificate", files.certificate,
                 fmt::format("it is for {}, and this node is {}",
                             fmt::join(names, ", "), files.name)));
  return state{context, files.name, end_of(certificate)};
}

tls_identity::state tls_identity::current() const {
  const std::lock_guard lock{mutex_};
  return state_;
}

} // namespace mfo::cluster::wire
