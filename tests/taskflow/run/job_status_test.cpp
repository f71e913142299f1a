#include "taskflow/run/job_status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mfo::taskflow {

namespace {

using testing::HasSubstr;

TEST(job_status, of_a_job_that_runs_has_no_result) {
  EXPECT_EQ(read_job_status({{"state", "running"}}).is,
            job_status::state::running);
}

TEST(job_status, of_a_job_that_succeeded_has_its_result) {
  const auto status = read_job_status({{"state", "succeeded"}, {"result", 3}});
  EXPECT_EQ(status.is, job_status::state::succeeded);
  EXPECT_EQ(status.result, 3);
  EXPECT_EQ(read_job_status({{"state", "succeeded"}}).result, nullptr);
}

TEST(job_status, of_a_job_that_did_not_succeed_says_why) {
  const auto status =
      read_job_status({{"state", "failed"}, {"error", {{"message", "full"}}}});
  EXPECT_EQ(status.is, job_status::state::failed);
  EXPECT_EQ(status.message, "full");
  EXPECT_EQ(
      read_job_status({{"state", "cancelled"}, {"error", "by hand"}}).message,
      "by hand");
  EXPECT_EQ(read_job_status({{"state", "cancelled"}}).is,
            job_status::state::cancelled);
}

TEST(job_status, of_another_form_is_a_failure_that_says_so) {
  const auto unknown = read_job_status({{"state", "asleep"}});
  EXPECT_EQ(unknown.is, job_status::state::failed);
  EXPECT_THAT(unknown.message, HasSubstr("asleep"));
  EXPECT_EQ(read_job_status("running").is, job_status::state::failed);
  EXPECT_EQ(read_job_status(json::object()).is, job_status::state::failed);
}

} // namespace

} // namespace mfo::taskflow
