#pragma once

#include "api/secret_file.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mfo::api {

/// Files that a test writes, and what was warned of.
struct fake_files {
  struct file {
    file_stamp stamp;
    std::string text;
    bool readable = true;
  };

  void write(const std::string& path, std::string text) {
    auto& one = files[path];
    one.stamp = {++clock, one.stamp.inode == 0 ? 7u : one.stamp.inode,
                 text.size()};
    one.text = std::move(text);
    one.readable = true;
  }

  /// Valid as long as this lives.
  secret_reader reader() {
    return {{[this](const std::string& path)
                 -> tl::expected<file_stamp, std::string> {
               ++looks;
               const auto found = files.find(path);
               if (found == files.end())
                 return tl::unexpected<std::string>("no such file");
               return found->second.stamp;
             },
             [this](const std::string& path)
                 -> tl::expected<std::string, std::string> {
               ++reads;
               const auto found = files.find(path);
               if (found == files.end() || !found->second.readable)
                 return tl::unexpected<std::string>("not allowed");
               return found->second.text;
             }},
            [this](const std::string& warning) {
              warnings.push_back(warning);
            }};
  }

  std::map<std::string, file> files;
  std::vector<std::string> warnings;
  std::int64_t clock = 0;
  int looks = 0;
  int reads = 0;
};

} // namespace mfo::api
