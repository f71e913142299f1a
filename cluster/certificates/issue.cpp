#include "cluster/certificates/issue.hpp"

#include "cluster/certificates/make.hpp"
#include "cluster/certificates/names.hpp"
#include "cluster/certificates/pem.hpp"

#include <algorithm>

namespace mfo::cluster::certificates {

namespace {

/// A new key, for which there must be room.
expected<key_ptr> new_key(const pair_files& files) {
  for (const auto& path : {files.key, files.certificate})
    if (is_there(path))
      return bad_file(path,
                      fmt::format("already exists, and is not overwritten; "
                                  "--renew makes a new certificate for the "
                                  "same key; to have a new key, remove {} and "
                                  "{}",
                                  files.certificate, files.key));
  return make_key();
}

expected<key_ptr> old_key(const pair_files& files) {
  if (!is_there(files.key))
    return bad_file(files.key,
                    fmt::format("is not there, so there is nothing to renew; "
                                "issue without --renew{}",
                                is_there(files.certificate)
                                    ? ", after removing " + files.certificate
                                    : std::string{}));
  return read_key(files.key);
}

/// What the certificate is called that is to be renewed. It may be gone, as
/// after an `issue` that was interrupted.
expected<std::vector<std::string>> old_names(const pair_files& files,
                                             const EVP_PKEY* key) {
  if (!is_there(files.certificate))
    return std::vector<std::string>{};
  const auto old = read_certificate(files.certificate);
  if (!old)
    return tl::unexpected(old.error());
  if (!is_pair(old->get(), key))
    return bad_file(files.key,
                    fmt::format("is not the key of {}; remove both, and issue "
                                "without --renew",
                                files.certificate));
  auto about = describe(old->get(), files.certificate);
  if (!about)
    return tl::unexpected(std::move(about.error()));
  return std::move(about->names);
}

struct subject {
  key_ptr key;
  std::vector<alternative_name> names;
};

/// Whom the certificate is for.
expected<subject> subject_of(const node_request& request,
                             const pair_files& files) {
  auto key = request.renew ? old_key(files) : new_key(files);
  if (!key)
    return tl::unexpected(std::move(key.error()));
  const bool keeps_names = request.renew && request.names.empty();
  auto others = request.names;
  if (request.renew) {
    auto old = old_names(files, key->get());
    if (!old)
      return tl::unexpected(std::move(old.error()));
    if (keeps_names)
      others = *std::move(old);
  }
  auto names = all_names(request.name, others);
  if (!names && keeps_names)
    return bad_file(
        files.certificate,
        "cannot keep its names, so give those that it is to have; " +
            names.error().text);
  if (!names)
    return tl::unexpected(std::move(names.error()));
  return subject{*std::move(key), *std::move(names)};
}

expected<void> write(const node_request& request, const pair_files& files,
                     X509* certificate, EVP_PKEY* key) {
  if (request.renew)
    return replace_certificate(files.certificate, to_pem(certificate));
  return write_pair(files, to_pem(certificate), to_pem(key));
}

} // namespace

expected<issued> issue(const std::string& folder, const node_request& request,
                       std::chrono::sys_seconds now) {
  if (auto good = check_node_name(request.name); !good)
    return tl::unexpected(std::move(good.error()));
  auto when = validity_of(request.lifetime, now);
  if (!when)
    return tl::unexpected(std::move(when.error()));
  const auto by = load_authority(folder, now);
  if (!by)
    return tl::unexpected(by.error());
  const auto& output = request.output.empty() ? folder : request.output;
  auto files = files_of(output, request.name);
  const auto who = subject_of(request, files);
  if (!who)
    return tl::unexpected(who.error());
  const bool ends_with_ca = by->about.not_after < when->until;
  when->from = std::max(when->from, by->about.not_before);
  when->until = std::min(when->until, by->about.not_after);
  const auto certificate = make_leaf(who->names, *when, who->key.get(),
                                     {by->certificate.get(), by->key.get()});
  if (!certificate)
    return tl::unexpected(certificate.error());
  auto about = describe(certificate->get(), files.certificate);
  if (!about)
    return tl::unexpected(std::move(about.error()));
  if (auto there = make_folder(output); !there)
    return tl::unexpected(std::move(there.error()));
  if (auto written = write(request, files, certificate->get(), who->key.get());
      !written)
    return tl::unexpected(std::move(written.error()));
  return issued{made{std::move(files), *std::move(about)}, ends_with_ca};
}

} // namespace mfo::cluster::certificates
