#include "taskflow/load.hpp"

#include <gtest/gtest.h>
