#include "cluster/certificates/describe.hpp"

#include "cluster/certificates/pem.hpp"

#include "config/ip_network.hpp"
#include "core/certificate_end.hpp"

#include <openssl/asn1.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace mfo::cluster::certificates {

namespace {

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string text_of(const X509_NAME* name) {
  const bio_ptr out{BIO_new(BIO_s_mem())};
  // As UTF-8 rather than in hexadecimal.
  constexpr unsigned long how = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;
  if (!out || X509_NAME_print_ex(out.get(), name, 0, how) < 0)
    return {};
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string text_of_address(std::string_view bytes) {
  config::ip_address::byte_array all{};
  const auto offset = all.size() - std::min(bytes.size(), all.size());
  if (bytes.size() == 4)
    all[10] = all[11] = 0xFF; // as config::ip_address holds IPv4
  else if (bytes.size() != all.size())
    return "other";
  std::ranges::copy(bytes, all.begin() + static_cast<std::ptrdiff_t>(offset));
  return "IP:" + config::ip_address{all}.to_string();
}

std::string text_of(const GENERAL_NAME* name) {
  switch (name->type) {
  case GEN_DNS:
    return "DNS:" + std::string{bytes_of(name->d.dNSName)};
  case GEN_URI:
    return "URI:" + std::string{bytes_of(name->d.uniformResourceIdentifier)};
  case GEN_EMAIL:
    return "email:" + std::string{bytes_of(name->d.rfc822Name)};
  case GEN_IPADD:
    return text_of_address(bytes_of(name->d.iPAddress));
  default:
    return "other";
  }
}

/// Nothing where they are there and cannot be read.
std::optional<std::vector<std::string>> names_of(const X509* certificate) {
  constexpr int none = -1;
  int found = 0;
  const general_names_ptr all{static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &found, nullptr))};
  if (!all && found != none)
    return std::nullopt;
  std::vector<std::string> names;
  for (int i = 0; i < sk_GENERAL_NAME_num(all.get()); ++i)
    names.push_back(text_of(sk_GENERAL_NAME_value(all.get(), i)));
  return names;
}

} // namespace

expected<description> describe(const std::string& file) {
  const auto certificate = read_certificate(file);
  if (!certificate)
    return tl::unexpected(certificate.error());
  return describe(certificate->get(), file);
}

expected<description> describe(const X509* certificate,
                               const std::string& file) {
  auto names = names_of(certificate);
  const auto begin = core::to_sys_seconds(X509_get0_notBefore(certificate));
  const auto end = core::certificate_end(certificate);
  if (!names || !begin || !end)
    return bad_file(file, "its names or times cannot be read (" +
                              openssl_reason() +
                              "); it must be made anew by who made it");
  return description{text_of(X509_get_subject_name(certificate)),
                     text_of(X509_get_issuer_name(certificate)),
                     *std::move(names), *begin, *end};
}

long days_left(const description& of, std::chrono::sys_seconds now) {
  return std::chrono::floor<std::chrono::days>(of.not_after - now).count();
}

} // namespace mfo::cluster::certificates
