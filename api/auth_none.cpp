#include "api/auth_none.hpp"

namespace mfo::api {

namespace {

class none_auth final : public auth_provider {
public:
  std::optional<credentials_set> credentials(time) override {
    return credentials_set{};
  }

  bool refused(std::uint64_t, time) override {
    return false;
  }
};

} // namespace

std::unique_ptr<auth_provider> make_none_auth() {
  return std::make_unique<none_auth>();
}

} // namespace mfo::api
