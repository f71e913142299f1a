#include "config/delivery_id_fields.hpp"

#include <algorithm>

namespace mfo::config {

std::vector<std::string>
delivery_id_fields(const signature_settings& signature) {
  switch (signature.scheme) {
  case signature_scheme::hmac:
    if (signature.id_header.empty())
      return {};
    return {signature.id_header};
  case signature_scheme::standard_webhooks:
    return {"webhook-id", "svix-id"};
  case signature_scheme::github:
    return {"X-GitHub-Delivery"};
  case signature_scheme::gitlab:
    // With a signing token GitLab sends the same id in both, and signs the
    // first: https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944
    if (std::ranges::any_of(signature.secrets, [](const auto& each) {
          return each.reveal().starts_with("whsec_");
        }))
      return {"webhook-id", "Idempotency-Key"};
    return {"Idempotency-Key"};
  case signature_scheme::shopify:
    return {"X-Shopify-Webhook-Id"};
  case signature_scheme::twilio:
    return {"I-Twilio-Idempotency-Token"};
  default:
    return {};
  }
}

} // namespace mfo::config
