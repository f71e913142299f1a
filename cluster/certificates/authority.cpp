#include "cluster/certificates/authority.hpp"

#include "cluster/certificates/make.hpp"
#include "cluster/certificates/names.hpp"
#include "cluster/certificates/pem.hpp"

#include "core/rfc3339.hpp"

namespace mfo::cluster::certificates {

namespace {

constexpr auto ca_name = "ca";
constexpr auto make_another =
    "another CA, in another folder, has to be made (init-ca), and all nodes' "
    "certificates by it";

expected<void> check_is_free(const pair_files& files) {
  for (const auto& path : {files.certificate, files.key})
    if (is_there(path))
      return bad_file(path, "already exists, and is not overwritten, as nodes "
                            "may trust it; give another folder, or move ca.crt "
                            "and ca.key away to begin a new cluster");
  return {};
}

expected<void> check_is_valid(const description& ca, const std::string& file,
                              std::chrono::sys_seconds now) {
  if (now >= ca.not_after)
    return bad_file(
        file, fmt::format("is not valid since {}; {}",
                          core::to_rfc3339(ca.not_after.time_since_epoch()),
                          make_another));
  if (now < ca.not_before)
    return bad_file(
        file, fmt::format("is not valid before {}, and it is {} now; set this "
                          "host's clock",
                          core::to_rfc3339(ca.not_before.time_since_epoch()),
                          core::to_rfc3339(now.time_since_epoch())));
  return {};
}

} // namespace

expected<made> init_ca(const std::string& folder,
                       const authority_request& request,
                       std::chrono::sys_seconds now) {
  if (auto good = check_cluster_name(request.cluster); !good)
    return tl::unexpected(std::move(good.error()));
  const auto when = validity_of(request.lifetime, now);
  if (!when)
    return tl::unexpected(when.error());
  auto files = files_of(folder, ca_name);
  if (auto free = check_is_free(files); !free)
    return tl::unexpected(std::move(free.error()));
  const auto key = make_key();
  if (!key)
    return tl::unexpected(key.error());
  const auto certificate =
      make_root(request.cluster + " cluster CA", *when, key->get());
  if (!certificate)
    return tl::unexpected(certificate.error());
  auto about = describe(certificate->get(), files.certificate);
  if (!about)
    return tl::unexpected(std::move(about.error()));
  if (auto there = make_folder(folder); !there)
    return tl::unexpected(std::move(there.error()));
  auto written =
      write_pair(files, to_pem(certificate->get()), to_pem(key->get()));
  if (!written)
    return tl::unexpected(std::move(written.error()));
  return made{std::move(files), *std::move(about)};
}

expected<authority> load_authority(const std::string& folder,
                                   std::chrono::sys_seconds now) {
  const auto files = files_of(folder, ca_name);
  for (const auto& path : {files.certificate, files.key})
    if (!is_there(path))
      return bad_file(path, "cannot be found; give the folder of the CA, which "
                            "this user must be able to read, or make one "
                            "(init-ca)");
  auto certificate = read_certificate(files.certificate);
  if (!certificate)
    return tl::unexpected(std::move(certificate.error()));
  auto key = read_key(files.key);
  if (!key)
    return tl::unexpected(std::move(key.error()));
  if (!is_pair(certificate->get(), key->get()))
    return bad_file(files.key, "is not the key of " + files.certificate +
                                   "; put back the two files that were made "
                                   "together");
  // By version 3 of X.509, and allowed to sign certificates.
  if (X509_check_ca(certificate->get()) != 1)
    return bad_file(files.certificate,
                    "is no CA's, and can vouch for nobody; give the folder of "
                    "the CA");
  auto about = describe(certificate->get(), files.certificate);
  if (!about)
    return tl::unexpected(std::move(about.error()));
  if (auto valid = check_is_valid(*about, files.certificate, now); !valid)
    return tl::unexpected(std::move(valid.error()));
  return authority{*std::move(certificate), *std::move(key), *std::move(about)};
}

} // namespace mfo::cluster::certificates
