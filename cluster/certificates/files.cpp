#include "cluster/certificates/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace mfo::cluster::certificates {

namespace {

constexpr mode_t mode_of_keys = 0600;
constexpr mode_t mode_of_certificates = 0644;

tl::unexpected<failure> cannot_write(const std::string& path, int error) {
  return bad_file(
      path, fmt::format("{}; the folder must be there, with room, and this "
                        "user must be able to write to it",
                        std::generic_category().message(error)));
}

std::filesystem::path folder_of(const std::string& path) {
  const auto folder = std::filesystem::path{path}.parent_path();
  return folder.empty() ? std::filesystem::path{"."} : folder;
}

/// A file on its way to `target`; gone with this unless it got there. Until
/// `fill`, and for a key for ever, its mode is 0600 (mkostemp). The functions
/// give 0 or errno.
class unfinished_file {
public:
  explicit unfinished_file(const std::string& target)
    : target_(target),
      path_((folder_of(target) /
             ("." + std::filesystem::path{target}.filename().string() +
              ".XXXXXX"))
                .string()),
      number_(::mkostemp(path_.data(), O_CLOEXEC)),
      error_(number_ < 0 ? errno : 0) {}

  ~unfinished_file() {
    if (number_ >= 0)
      ::close(number_);
    if (number_ >= 0 && !moved_)
      ::unlink(path_.c_str());
  }

  unfinished_file(const unfinished_file&) = delete;
  unfinished_file& operator=(const unfinished_file&) = delete;

  int fill(std::string_view text, mode_t mode) {
    if (error_ == 0 && text.empty())
      error_ = ENOMEM; // see to_pem
    if (error_ == 0 && ::fchmod(number_, mode) != 0)
      error_ = errno;
    while (error_ == 0 && !text.empty()) {
      const auto written = ::write(number_, text.data(), text.size());
      if (written >= 0)
        text.remove_prefix(static_cast<std::size_t>(written));
      else if (errno != EINTR)
        error_ = errno;
    }
    if (error_ == 0 && ::fsync(number_) != 0)
      error_ = errno;
    return error_;
  }

  /// Unlike a rename, a link is refused where there is something already.
  int move_to_free_place() {
    return ::link(path_.c_str(), target_.c_str()) == 0 ? 0 : errno;
  }

  int move_over() {
    moved_ = std::rename(path_.c_str(), target_.c_str()) == 0;
    return moved_ ? 0 : errno;
  }

private:
  const std::string target_;
  std::string path_;
  const int number_;
  int error_;
  bool moved_ = false;
};

/// Makes the names in the folder of `path` as durable as its files. 0 or errno.
int sync_folder_of(const std::string& path) {
  const int folder =
      ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return errno;
  const int error = ::fsync(folder) == 0 ? 0 : errno;
  ::close(folder);
  return error;
}

expected<void> write_new(const std::string& path, std::string_view text,
                         mode_t mode) {
  unfinished_file file{path};
  int error = file.fill(text, mode);
  if (error == 0)
    error = file.move_to_free_place();
  if (error == EEXIST)
    return bad_file(path, "already exists, and is not overwritten");
  if (error != 0)
    return cannot_write(path, error);
  if (error = sync_folder_of(path); error != 0) {
    ::unlink(path.c_str());
    return cannot_write(path, error);
  }
  return {};
}

} // namespace

pair_files files_of(const std::string& folder, const std::string& name) {
  const std::filesystem::path in{folder};
  return {(in / (name + ".crt")).string(), (in / (name + ".key")).string()};
}

bool is_there(const std::string& path) {
  struct stat found {};
  // A link to nothing is in the way too.
  return ::lstat(path.c_str(), &found) == 0;
}

expected<void> make_folder(const std::string& path) {
  std::error_code error;
  if (!path.empty())
    std::filesystem::create_directories(path, error);
  if (error)
    return bad_file(path, "cannot be made: " + error.message() +
                              "; give a folder that this user can write to");
  return {};
}

expected<void> write_pair(const pair_files& files, std::string_view certificate,
                          std::string_view key) {
  if (auto written = write_new(files.key, key, mode_of_keys); !written)
    return written;
  auto written =
      write_new(files.certificate, certificate, mode_of_certificates);
  if (!written)
    ::unlink(files.key.c_str());
  return written;
}

expected<void> replace_certificate(const std::string& path,
                                   std::string_view certificate) {
  unfinished_file file{path};
  int error = file.fill(certificate, mode_of_certificates);
  if (error == 0)
    error = file.move_over();
  if (error == 0)
    error = sync_folder_of(path);
  if (error != 0)
    return cannot_write(path, error);
  return {};
}

} // namespace mfo::cluster::certificates
