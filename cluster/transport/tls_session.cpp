#include "cluster/transport/tls_session.hpp"

#include "cluster/transport/tls_failure.hpp"
#include "core/certificate_end.hpp"
#include "core/printable.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>
#include <string_view>
#include <utility>

namespace mfo::cluster::wire {

namespace {

/// Certificates of a peer that are looked at, and shown in a log.
constexpr std::size_t most_names = 32;
constexpr std::size_t most_shown = 200;

using alternatives_ptr =
    std::unique_ptr<GENERAL_NAMES, freed_with<GENERAL_NAMES_free>>;

int socket_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool is_passing(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

// OpenSSL's own socket BIO writes with write(2), which ends a process that
// does not ignore SIGPIPE.
int write_socket(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  errno = 0;
  const auto sent = ::send(socket_of(bio), from, static_cast<std::size_t>(size),
                           MSG_NOSIGNAL);
  if (sent < 0 && is_passing(errno))
    BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_socket(BIO* bio, char* to, int size) {
  BIO_clear_retry_flags(bio);
  errno = 0;
  const auto got =
      ::recv(socket_of(bio), to, static_cast<std::size_t>(size), 0);
  if (got < 0 && is_passing(errno))
    BIO_set_retry_read(bio);
  if (got == 0)
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

long control_socket(BIO* bio, int command, long, void*) {
  switch (command) {
  case BIO_CTRL_FLUSH:
    return 1;
  case BIO_CTRL_EOF:
    return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  default:
    return 0;
  }
}

const BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    auto* made =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "link socket");
    if (made == nullptr)
      throw std::bad_alloc{};
    BIO_meth_set_write(made, write_socket);
    BIO_meth_set_read(made, read_socket);
    BIO_meth_set_ctrl(made, control_socket);
    return made;
  }();
  return method;
}

BIO* bio_over(int socket) {
  auto* result = BIO_new(socket_method());
  if (result == nullptr)
    throw std::bad_alloc{};
  BIO_set_data(result,
               reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(result, 1);
  return result;
}

std::string text_of_asn1(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string common_name_of(const X509* certificate) {
  const auto* subject = X509_get_subject_name(certificate);
  const auto at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0)
    return {};
  unsigned char* text = nullptr;
  const auto size = ASN1_STRING_to_UTF8(
      &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0)
    return {};
  std::string result{reinterpret_cast<const char*>(text),
                     static_cast<std::size_t>(size)};
  OPENSSL_free(text);
  return result;
}

std::string shown_as_list(const std::vector<std::string>& names) {
  std::string result;
  for (const auto& name : names)
    result += (result.empty() ? "" : ", ") + name;
  return core::shortened(core::printable(result), most_shown);
}

} // namespace

std::vector<std::string> names_of(const X509* certificate) {
  const alternatives_ptr alternatives{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> names;
  const auto count = sk_GENERAL_NAME_num(alternatives.get());
  for (int i = 0; i < count && names.size() < most_names; ++i) {
    const auto* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type == GEN_DNS)
      names.push_back(text_of_asn1(name->d.dNSName));
  }
  if (names.empty())
    if (auto common = common_name_of(certificate); !common.empty())
      names.push_back(std::move(common));
  return names;
}

tls_session::tls_session(const ssl_context_ptr& context, direction way,
                         int socket, identity_check check)
  : ssl_(SSL_new(context.get())), way_(way), check_(std::move(check)) {
  if (ssl_ == nullptr)
    throw std::bad_alloc{};
  auto* bio = bio_over(socket);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), this);
  if (way == direction::dialled && !check_.expected.empty()) {
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // Only fails for lack of memory; an empty name would check nothing.
    if (SSL_set1_host(ssl_.get(), check_.expected.c_str()) != 1)
      throw std::bad_alloc{};
    SSL_set_tlsext_host_name(ssl_.get(), check_.expected.c_str());
  }
}

io_result tls_session::handshake() {
  ERR_clear_error();
  const auto result = way_ == direction::accepted ? SSL_accept(ssl_.get())
                                                  : SSL_connect(ssl_.get());
  return result == 1 ? io_result{io_state::done} : judge(result);
}

io_result tls_session::read(char* to, std::size_t size) {
  ERR_clear_error();
  std::size_t got = 0;
  const auto result = SSL_read_ex(ssl_.get(), to, size, &got);
  return result == 1 ? io_result{io_state::done, got} : judge(result);
}

io_result tls_session::write(const char* from, std::size_t size) {
  ERR_clear_error();
  std::size_t sent = 0;
  const auto result = SSL_write_ex(ssl_.get(), from, size, &sent);
  return result == 1 ? io_result{io_state::done, sent} : judge(result);
}

std::size_t tls_session::pending() const noexcept {
  return static_cast<std::size_t>(SSL_pending(ssl_.get()));
}

void tls_session::say_goodbye() noexcept {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) == 1)
    SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

io_result tls_session::judge(int result) {
  const auto error = SSL_get_error(ssl_.get(), result);
  switch (error) {
  case SSL_ERROR_WANT_READ:
    return {io_state::wants_read};
  case SSL_ERROR_WANT_WRITE:
    return {io_state::wants_write};
  case SSL_ERROR_ZERO_RETURN:
    failure_ = {end_reason::closed_by_peer, "the peer has closed the link"};
    return {io_state::ended};
  default:
    failure_ = tls_failure(ssl_.get(), error, shown_names_);
    return {io_state::failed};
  }
}

std::optional<std::chrono::sys_seconds> tls_session::peer_end() const {
  return core::certificate_end(SSL_get0_peer_certificate(ssl_.get()));
}

int tls_session::check_certificate(int good, X509_STORE_CTX* chain) {
  const auto* ssl = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<tls_session*>(SSL_get_app_data(ssl));
  if (X509_STORE_CTX_get_error_depth(chain) != 0)
    return good;
  auto* certificate = X509_STORE_CTX_get_current_cert(chain);
  const auto names = names_of(certificate);
  self->shown_names_ = shown_as_list(names);
  if (good != 1)
    return good;
  const auto allowed = self->check_.allowed->first_allowed(names);
  if (!allowed) {
    X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
  self->peer_name_ =
      self->check_.expected.empty() ? *allowed : self->check_.expected;
  return 1;
}

} // namespace mfo::cluster::wire
