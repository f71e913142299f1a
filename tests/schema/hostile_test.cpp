#include "schema/json_schema.hpp"
