#pragma once

#include "cluster/certificates/failure.hpp"

#include <string>
#include <string_view>

/// Files that are there whole or not at all, also after a power cut. Each is
/// written beside its place under another name, by which nobody but its owner
/// can read it, flushed to the disk, and moved.
namespace mfo::cluster::certificates {

/// What a certificate and its key are kept in.
struct pair_files {
  std::string certificate; ///< everybody may read it: mode 0644
  std::string key;         ///< nobody but its owner may: mode 0600
};

/// `NAME.crt` and `NAME.key` in a folder.
pair_files files_of(const std::string& folder, const std::string& name);

/// Whether a file, or anything else, has this name.
bool is_there(const std::string& path);

/// Makes the folder, and those above it, if it is not there.
expected<void> make_folder(const std::string& path);

/// Writes two files of which neither may be there, the key first: of several
/// that try at once, one succeeds. After an error there are none.
expected<void> write_pair(const pair_files& files, std::string_view certificate,
                          std::string_view key);

/// Puts a certificate in the place of the one that is there, or is not: who
/// opens it at any time gets one of them, whole.
expected<void> replace_certificate(const std::string& path,
                                   std::string_view certificate);

} // namespace mfo::cluster::certificates
