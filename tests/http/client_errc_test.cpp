#include "http/client.hpp"
#include "http/client_errc.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mfo::http {
namespace {

TEST(client_errc, gives_every_code_a_text_of_its_own) {
  std::set<std::string> texts;
  auto last = static_cast<int>(client_errc::cancelled);
  for (int code = 1; code <= last; ++code)
    texts.insert(make_error_code(static_cast<client_errc>(code)).message());
  EXPECT_EQ(texts.size(), static_cast<std::size_t>(last));
  EXPECT_FALSE(texts.contains("unknown client error"));
}

TEST(client_errc, compares_as_an_error_code) {
  std::error_code ec = client_errc::timeout;
  EXPECT_EQ(ec, client_errc::timeout);
  EXPECT_STREQ(ec.category().name(), "mfo.http.client");
}

} // namespace
} // namespace mfo::http
