#include "taskflow/block_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
