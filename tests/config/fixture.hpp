#pragma once

#include "config/load.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace mfo::config {

/// An environment of these variables and no other.
inline environment
only(std::map<std::string, std::string, std::less<>> variables) {
  return [variables = std::move(variables)](
             std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end())
      return std::nullopt;
    return found->second;
  };
}

/// What the smallest right file needs; tests add to it.
inline const std::string minimal = "server_url: https://mfo.example.com\n"
                                   "webhook_path: /webhook\n"
                                   "webhook_secret: s1\n";

inline load_result load(const std::string& text,
                        const environment& variables = only({})) {
  return load_text(text, "node.yaml", variables, "test-node");
}

/// The problems of a file, a line each; empty if it loads.
inline std::string problems_of(const std::string& text,
                               const environment& variables = only({})) {
  const auto result = load(text, variables);
  return result ? "" : to_string(result.error());
}

/// The settings of a file that must load.
inline settings must_load(const std::string& text,
                          const environment& variables = only({})) {
  auto result = load(text, variables);
  if (!result) {
    ADD_FAILURE() << to_string(result.error());
    return {};
  }
  return *std::move(result);
}

inline std::string read_all(const std::filesystem::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

/// A folder that is gone with the test.
class temporary_folder {
public:
  temporary_folder() {
    auto name =
        (std::filesystem::temp_directory_path() / "mfo-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr)
      path_ = name;
  }

  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  [[nodiscard]] std::string write(const std::string& name,
                                  std::string_view bytes) const {
    const auto path = path_ / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  [[nodiscard]] const std::filesystem::path& path() const {
    return path_;
  }

private:
  std::filesystem::path path_;
};

} // namespace mfo::config
