#include "api/jobs.hpp"

#include "tests/api/replies.hpp"

#include <gtest/gtest.h>

namespace mfo::api {
namespace {

TEST(job, is_asked_for) {
  const auto call = make_job_status_call(usual_paths, "j/1");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->what, operation::job_status);
  EXPECT_EQ(call->target, "/api/jobs/status/j%2F1");
}

TEST(job, is_final_by_the_names_in_use) {
  for (const auto* name :
       {"done", "completed", "succeeded", "DONE", "Completed"})
    EXPECT_EQ(job_state_of(name), job_state::succeeded) << name;
  for (const auto* name : {"failed", "error", "Failed", "ERROR"})
    EXPECT_EQ(job_state_of(name), job_state::failed) << name;
  for (const auto* name : {"cancelled", "canceled", "CANCELED"})
    EXPECT_EQ(job_state_of(name), job_state::cancelled) << name;
  for (const auto* name : {"running", "pending", "queued", "", "done?"})
    EXPECT_FALSE(is_final(job_state_of(name))) << name;
}

TEST(job, keeps_the_name_that_the_server_uses) {
  const auto got = parse_job_status_reply(
      reply(200, R"({"id":"j","status":"Completed","result":{"n":1}})"));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, "j");
  EXPECT_EQ(got->state, job_state::succeeded);
  EXPECT_EQ(got->status, "Completed");
  EXPECT_EQ(got->result, (json{{"n", 1}}));
  EXPECT_EQ(got->error, "");
}

TEST(job, tells_why_it_failed) {
  for (const auto* error : {R"("no\nluck")", R"({"message":"no luck"})"}) {
    const auto got = parse_job_status_reply(
        reply(200, std::string{R"({"job_id":"j","status":"failed","error":)"} +
                       error + "}"));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->state, job_state::failed);
    EXPECT_EQ(got->error, "no luck");
  }
}

TEST(job, tells_when_to_ask_again) {
  EXPECT_EQ(parse_job_status_reply(
                reply(200, R"({"status":"running"})", {{"Retry-After", "3"}}))
                ->retry_after,
            std::chrono::seconds{3});
}

TEST(job, has_a_status) {
  EXPECT_THAT(parse_job_status_reply(reply(200, R"({"id":"j"})")),
              fails_with(api_errc::bad_reply, "no /status"));
  EXPECT_THAT(parse_job_status_reply(reply(200, R"({"status":[]})")),
              fails_with(api_errc::bad_reply, "/status is not a string"));
  EXPECT_THAT(parse_job_status_reply(reply(404)),
              fails_with(api_errc::not_found, "404"));
}

} // namespace
} // namespace mfo::api
