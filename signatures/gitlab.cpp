// https://docs.gitlab.com/user/project/integrations/webhooks/: a token in a
// header, or, with a signing token, the fields of Standard Webhooks.

#include "signatures/compare.hpp"
#include "signatures/schemes.hpp"

namespace mfo::signatures {

namespace {

constexpr std::string_view gitlab_header{"X-Gitlab-Token"};

class gitlab final : public verifier {
public:
  explicit gitlab(const settings& from) {
    auto signing = from;
    signing.secrets.clear();
    for (const auto& each : from.secrets) {
      if (each.reveal().starts_with("whsec_"))
        signing.secrets.push_back(each);
      else
        tokens_.add(each.reveal());
    }
    if (!signing.secrets.empty())
      signed_ = make_standard_webhooks(signing);
  }

  verdict verify(const signed_request& request,
                 std::chrono::seconds now) const override {
    if (signed_ &&
        (request.fields.find("webhook-signature") || tokens_.empty()))
      return signed_->verify(request, now);
    const auto token = request.fields.find(gitlab_header);
    if (!token)
      return missing(gitlab_header);
    if (!tokens_.contains(*token))
      return reject(flaw::mismatch,
                    "X-Gitlab-Token is none of the endpoint's secrets");
    return {};
  }

private:
  secret_set tokens_;
  std::unique_ptr<verifier> signed_; ///< null: there is no signing token
};

} // namespace

std::unique_ptr<verifier> make_gitlab(const settings& from) {
  return std::make_unique<gitlab>(from);
}

} // namespace mfo::signatures
