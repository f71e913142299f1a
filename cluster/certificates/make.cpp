#include "cluster/certificates/make.hpp"

#include "cluster/certificates/pem.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include <array>
#include <string_view>

namespace mfo::cluster::certificates {

namespace {

using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using name_ptr = std::unique_ptr<X509_NAME, freed_by<X509_NAME_free>>;
using general_name_ptr =
    std::unique_ptr<GENERAL_NAME, freed_by<GENERAL_NAME_free>>;
using extension_ptr =
    std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

tl::unexpected<failure> openssl_failed(std::string_view what) {
  return tl::unexpected(failure{
      fault::system,
      fmt::format("OpenSSL cannot make a {}: {}; `openssl version -a` shows "
                  "its configuration",
                  what, openssl_reason())});
}

/// 128 random bits but for the first, which is 1: never 0, and nobody else's.
bool set_serial_number(X509* to) {
  constexpr int bits = 128;
  const number_ptr number{BN_new()};
  return number &&
         BN_rand(number.get(), bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) ==
             1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(to)) != nullptr;
}

bool set_subject(X509* to, const std::string& common_name) {
  const name_ptr name{X509_NAME_new()};
  const auto* bytes =
      reinterpret_cast<const unsigned char*>(common_name.data());
  return name &&
         X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8,
                                    bytes, static_cast<int>(common_name.size()),
                                    -1, 0) == 1 &&
         X509_set_subject_name(to, name.get()) == 1;
}

bool set_validity(X509* to, const validity& when) {
  return ASN1_TIME_set(X509_getm_notBefore(to),
                       when.from.time_since_epoch().count()) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(to),
                       when.until.time_since_epoch().count()) != nullptr;
}

/// `value` as openssl's x509v3_config(5) has it.
bool add_extension(X509* to, X509* issued_by, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issued_by, to, nullptr, nullptr, 0);
  const extension_ptr extension{
      X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
  return extension && X509_add_ext(to, extension.get(), -1) == 1;
}

bool add_names(X509* to, const std::vector<alternative_name>& names) {
  const general_names_ptr all{GENERAL_NAMES_new()};
  if (!all)
    return false;
  for (const auto& each : names) {
    const bool is_dns = each.what == alternative_name::kind::dns;
    general_name_ptr name{a2i_GENERAL_NAME(nullptr, nullptr, nullptr,
                                           is_dns ? GEN_DNS : GEN_IPADD,
                                           each.text.c_str(), 0)};
    if (!name || sk_GENERAL_NAME_push(all.get(), name.get()) == 0)
      return false;
    name.release(); // it is the stack's
  }
  return X509_add1_ext_i2d(to, NID_subject_alt_name, all.get(), 0,
                           X509V3_ADD_DEFAULT) == 1;
}

/// All but what tells a root from a leaf, and the signature.
certificate_ptr begin(const std::string& common_name, const validity& when,
                      EVP_PKEY* key) {
  ERR_clear_error();
  certificate_ptr result{X509_new()};
  auto* to = result.get();
  const bool good = result && X509_set_version(to, X509_VERSION_3) == 1 &&
                    set_serial_number(to) && set_subject(to, common_name) &&
                    set_validity(to, when) && X509_set_pubkey(to, key) == 1 &&
                    add_extension(to, to, NID_subject_key_identifier, "hash");
  return good ? std::move(result) : nullptr;
}

bool sign(X509* what, const issuer& by) {
  // Ed25519 and Ed448, which an authority made elsewhere may have, do the
  // hashing themselves: 2 says that no other digest will do.
  std::array<char, 64> digest{};
  const bool hashes_itself = EVP_PKEY_get_default_digest_name(
                                 by.key, digest.data(), digest.size()) == 2 &&
                             std::string_view{digest.data()} == SN_undef;
  return X509_set_issuer_name(what, X509_get_subject_name(by.certificate)) ==
             1 &&
         X509_sign(what, by.key, hashes_itself ? nullptr : EVP_sha256()) > 0;
}

} // namespace

expected<validity> validity_of(std::chrono::seconds lifetime,
                               std::chrono::sys_seconds now) {
  if (lifetime <= lifetime.zero() || lifetime > longest_lifetime)
    return bad_request(
        fmt::format("a certificate is for more than 0 and at most {} days",
                    longest_lifetime.count()));
  return validity{now - clock_skew, now + lifetime};
}

expected<key_ptr> make_key() {
  ERR_clear_error();
  key_ptr key{EVP_EC_gen("P-256")};
  if (!key)
    return openssl_failed("key");
  return key;
}

expected<certificate_ptr> make_root(const std::string& common_name,
                                    const validity& when, EVP_PKEY* key) {
  auto result = begin(common_name, when, key);
  auto* to = result.get();
  const bool good =
      result &&
      add_extension(to, to, NID_basic_constraints,
                    "critical,CA:TRUE,pathlen:0") &&
      add_extension(to, to, NID_key_usage, "critical,keyCertSign,cRLSign") &&
      sign(to, {to, key});
  if (!good)
    return openssl_failed("certificate");
  return result;
}

expected<certificate_ptr> make_leaf(const std::vector<alternative_name>& names,
                                    const validity& when, EVP_PKEY* key,
                                    const issuer& by) {
  auto result = begin(names.front().text, when, key);
  auto* to = result.get();
  const bool good =
      result &&
      add_extension(to, to, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(to, to, NID_key_usage, "critical,digitalSignature") &&
      add_extension(to, to, NID_ext_key_usage, "serverAuth,clientAuth") &&
      // By issuer and serial number where the authority has no identifier.
      add_extension(to, by.certificate, NID_authority_key_identifier,
                    "keyid,issuer") &&
      add_names(to, names) && sign(to, by);
  if (!good)
    return openssl_failed("certificate");
  return result;
}

} // namespace mfo::cluster::certificates
