#include "node/doctor/rules/secret_files.hpp"

#include "config/file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mfo::node::doctor {

namespace {

using config::node_kind;

/// Keys of files with a secret in them, or a private key.
constexpr std::array<std::string_view, 7> file_keys{
    "webhook_secret_file", "server_token_file",  "secret_file", "token_file",
    "password_file",       "client_secret_file", "key_file"};

/// Keys of secrets, or lists of them, in the file itself.
constexpr std::array<std::string_view, 10> secret_keys{
    "webhook_secret", "server_token", "secret", "secrets",       "token",
    "tokens",         "password",     "proxy",  "client_secret", "url"};

constexpr auto key_of_tls = "key"; ///< within `tls`

bool is_one_of(const auto& keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

class finder {
public:
  explicit finder(const std::string& config_file) : config_file_(config_file) {}

  void look_at(const config::node& at, const std::string& path,
               bool within_tls = false) {
    for (const auto& each : at.entries) {
      const auto here = path.empty() ? each.key : path + '.' + each.key;
      const auto& value = *each.value;
      if (value.kind == node_kind::scalar &&
          (is_one_of(file_keys, each.key) ||
           (within_tls && each.key == key_of_tls)))
        found.files.push_back({here, config::beside(config_file_, value.text)});
      else if (is_one_of(secret_keys, each.key))
        found.has_secrets = found.has_secrets || holds_secret(each.key, value);
      look_at(value, here, each.key == "tls");
    }
    for (std::size_t i = 0; i < at.items.size(); ++i)
      look_at(*at.items[i], fmt::format("{}[{}]", path, i));
  }

  secret_places found;

private:
  /// What a variable gives stands elsewhere. Of URLs only those count that
  /// have a password.
  static bool holds_secret(std::string_view key, const config::node& value) {
    if (value.kind == node_kind::sequence)
      return std::ranges::any_of(value.items, [&](const auto& each) {
        return holds_secret(key, *each);
      });
    const auto& text = value.text;
    const bool is_url = key == "url" || key == "proxy";
    return value.kind == node_kind::scalar && !text.empty() &&
           text.find("${") == text.npos &&
           (!is_url || text.find('@') != text.npos);
  }

  const std::string& config_file_;
};

} // namespace

secret_places find_secret_places(const config::node& document,
                                 const std::string& config_file) {
  finder look{config_file};
  look.look_at(document, "");
  auto found = std::move(look.found);
  if (found.has_secrets)
    found.files.push_back({"config", config_file});
  return found;
}

finding judge_secret_file(const secret_file& file, mode_t mode) {
  const auto text = [&](std::string_view what) {
    return fmt::format("everybody on this host can {} {} (mode {:04o})", what,
                       file.path, mode & 07777U);
  };
  const auto remedy =
      fmt::format("chmod 0640 {}, with the node's group", file.path);
  if ((mode & S_IWOTH) != 0)
    return failed(file.subject, text("change"), remedy);
  if ((mode & S_IROTH) != 0)
    return warning(file.subject, text("read"), remedy);
  return good(file.subject,
              fmt::format("{} is not for everybody to read", file.path));
}

} // namespace mfo::node::doctor
