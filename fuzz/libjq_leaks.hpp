#pragma once

/// libjq 1.6 loses a few bytes on some expressions that it refuses; it is
/// Debian's, and what it loses is bounded by the files that are read.
/// LeakSanitizer asks for this by its name.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libjq.so\n";
}
