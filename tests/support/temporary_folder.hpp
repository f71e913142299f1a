#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace mfo::support {

/// A folder of a test's own, removed with all that is in it.
class temporary_folder {
public:
  temporary_folder() {
    auto name =
        (std::filesystem::temp_directory_path() / "mfo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      ADD_FAILURE() << "no temporary folder " << name;
    path_ = name;
  }

  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  /// The path of `name` in it.
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return (path_ / name).string();
  }

  /// Writes a file, with the folders on the way to it, and gives its path.
  std::string write(std::string_view name, std::string_view text) const {
    auto path = *this / name;
    std::filesystem::create_directories(
        std::filesystem::path{path}.parent_path());
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }

private:
  std::filesystem::path path_;
};

} // namespace mfo::support
