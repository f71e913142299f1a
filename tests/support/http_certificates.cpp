#include "tests/support/http_certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace mfo::test {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using crl_ptr = std::unique_ptr<X509_CRL, freed_by<X509_CRL_free>>;
using time_ptr = std::unique_ptr<ASN1_TIME, freed_by<ASN1_TIME_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using extension_ptr =
    std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

void require(bool ok) {
  if (!ok)
    throw std::runtime_error{"OpenSSL cannot make a certificate"};
}

key_ptr make_key(bool rsa = false) {
  constexpr std::size_t rsa_bits = 2048;
  key_ptr key{rsa ? EVP_RSA_gen(rsa_bits) : EVP_EC_gen("P-256")};
  require(key != nullptr);
  return key;
}

template <class Write>
std::string to_pem(Write&& write) {
  bio_ptr bio{BIO_new(BIO_s_mem())};
  require(write(bio.get()) == 1);
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
  return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

identity to_pem(X509* certificate, EVP_PKEY* key) {
  return {to_pem(certificate), to_pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0,
                                            nullptr, nullptr);
          })};
}

void set_name(X509_NAME* name, const std::string& text, bool wide) {
  auto bytes = reinterpret_cast<const unsigned char*>(text.data());
  require(X509_NAME_add_entry_by_txt(
              name, "CN", wide ? V_ASN1_BMPSTRING : MBSTRING_UTF8, bytes,
              static_cast<int>(text.size()), -1, 0) == 1);
}

void add_extension(X509* to, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  extension_ptr extension{
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
  require(extension && X509_add_ext(to, extension.get(), -1) == 1);
}

std::string joined(const std::vector<std::string>& names) {
  std::string result;
  for (const auto& name : names)
    result += (result.empty() ? "" : ",") + name;
  return result;
}

/// Unsigned; the subject is `common_name`.
x509_ptr make_certificate(EVP_PKEY* key, const std::string& common_name,
                          const certificate_request& request) {
  x509_ptr result{X509_new()};
  auto* certificate = result.get();
  unsigned char serial[8] = {};
  require(RAND_bytes(serial, sizeof serial) == 1);
  // Positive, and without leading zeros, which DER forbids.
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7f) | 0x40);
  auto* number = ASN1_INTEGER_new();
  ASN1_STRING_set(number, serial, sizeof serial);
  X509_set_serialNumber(certificate, number);
  ASN1_INTEGER_free(number);
  X509_set_version(certificate, X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate), request.valid_from.count());
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.valid_to.count());
  require(X509_set_pubkey(certificate, key) == 1);
  set_name(X509_get_subject_name(certificate), common_name, request.wide_name);
  return result;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* issuer_key) {
  require(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) ==
          1);
  require(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
}

} // namespace

struct authority::state {
  /// Its own, or signed by `issuer`.
  state(const std::string& name, const state* issuer)
    : certificate(make_certificate(key.get(), name, certificate_request{})) {
    auto* own = certificate.get();
    add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    const auto& by = issuer != nullptr ? *issuer : *this;
    sign(own, by.certificate.get(), by.key.get());
  }

  key_ptr key = make_key();
  x509_ptr certificate;
};

authority::authority()
  : state_(std::make_unique<state>("mfo test authority", nullptr)) {}

authority::authority(const authority& issuer)
  : state_(std::make_unique<state>("mfo test issuing authority",
                                   issuer.state_.get())) {}

authority::~authority() = default;

std::string authority::certificate() const {
  return to_pem(state_->certificate.get());
}

identity authority::issue(const certificate_request& request) const {
  auto key = make_key(request.rsa);
  auto certificate = make_certificate(key.get(), request.common_name, request);
  if (!request.names.empty())
    add_extension(certificate.get(), state_->certificate.get(),
                  NID_subject_alt_name, joined(request.names));
  sign(certificate.get(), state_->certificate.get(), state_->key.get());
  return to_pem(certificate.get(), key.get());
}

std::string
authority::revoke(const std::vector<std::string>& certificates) const {
  crl_ptr list{X509_CRL_new()};
  const time_ptr before{X509_gmtime_adj(nullptr, -3600)};
  const time_ptr after{X509_gmtime_adj(nullptr, 3600)};
  require(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1);
  require(X509_CRL_set_issuer_name(
              list.get(), X509_get_subject_name(state_->certificate.get())) ==
          1);
  require(X509_CRL_set1_lastUpdate(list.get(), before.get()) == 1);
  require(X509_CRL_set1_nextUpdate(list.get(), after.get()) == 1);
  for (const auto& pem : certificates) {
    const bio_ptr text{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    const x509_ptr certificate{
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    require(certificate != nullptr);
    auto* entry = X509_REVOKED_new();
    require(X509_REVOKED_set_serialNumber(
                entry, X509_get_serialNumber(certificate.get())) == 1);
    require(X509_REVOKED_set_revocationDate(entry, before.get()) == 1);
    require(X509_CRL_add0_revoked(list.get(), entry) == 1);
  }
  require(X509_CRL_sort(list.get()) == 1);
  require(X509_CRL_sign(list.get(), state_->key.get(), EVP_sha256()) > 0);
  return to_pem(
      [&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

identity self_signed(const certificate_request& request) {
  auto key = make_key();
  auto certificate = make_certificate(key.get(), request.common_name, request);
  add_extension(certificate.get(), certificate.get(), NID_subject_alt_name,
                joined(request.names));
  sign(certificate.get(), certificate.get(), key.get());
  return to_pem(certificate.get(), key.get());
}

} // namespace mfo::test
