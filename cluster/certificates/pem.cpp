#include "cluster/certificates/pem.hpp"

#include "config/file.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstddef>

namespace mfo::cluster::certificates {

namespace {

constexpr std::size_t largest_file = 64 * 1024;

/// Keeps OpenSSL from asking at the terminal, and notes that it would have.
int refuse_pass_phrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

expected<bio_ptr> open_pem(const std::string& path) {
  const auto bytes = config::read_regular_file(path, largest_file);
  if (!bytes)
    return bad_file(path, bytes.error() +
                              "; it must be a PEM file that this user can "
                              "read");
  bio_ptr copy{BIO_new(BIO_s_mem())};
  ERR_clear_error();
  if (!copy ||
      BIO_write(copy.get(), bytes->data(), static_cast<int>(bytes->size())) !=
          static_cast<int>(bytes->size()))
    return bad_file(path, openssl_reason());
  return copy;
}

template <class Write>
std::string written_by(Write write) {
  const bio_ptr out{BIO_new(BIO_s_mem())};
  if (!out || write(out.get()) != 1)
    return {};
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

} // namespace

std::string openssl_reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const auto* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "no reason is known";
}

expected<certificate_ptr> read_certificate(const std::string& path) {
  const auto from = open_pem(path);
  if (!from)
    return tl::unexpected(from.error());
  certificate_ptr found{
      PEM_read_bio_X509(from->get(), nullptr, nullptr, nullptr)};
  if (!found)
    return bad_file(path, "holds no certificate (" + openssl_reason() +
                              "); it must be a PEM file that begins with "
                              "BEGIN CERTIFICATE");
  return found;
}

expected<key_ptr> read_key(const std::string& path) {
  const auto from = open_pem(path);
  if (!from)
    return tl::unexpected(from.error());
  bool was_asked = false;
  key_ptr found{PEM_read_bio_PrivateKey(from->get(), nullptr,
                                        refuse_pass_phrase, &was_asked)};
  if (found)
    return found;
  const auto reason = openssl_reason();
  if (was_asked)
    return bad_file(path, "is encrypted; take the pass phrase off (openssl "
                          "pkey -in … -out …)");
  return bad_file(path, "holds no private key (" + reason +
                            "); it must be a PEM file with BEGIN PRIVATE KEY");
}

std::string to_pem(X509* certificate) {
  return written_by(
      [&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string to_pem(EVP_PKEY* key) {
  return written_by([&](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr,
                                         nullptr);
  });
}

bool is_pair(const X509* certificate, const EVP_PKEY* key) {
  const bool result = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  return result;
}

} // namespace mfo::cluster::certificates
