#include "cluster/certificates/pem.hpp"

#include "cluster/certificates/make.hpp"
#include "tests/cluster/certificates/fixture.hpp"

#include <openssl/err.h>

namespace mfo::cluster::certificates {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

using pem_files = certificates_fixture;

TEST_F(pem_files, give_back_what_was_written) {
  const auto key = make_key();
  ASSERT_TRUE(key);
  const auto root = make_root("a", {now, now}, key->get());
  ASSERT_TRUE(root);
  EXPECT_THAT(to_pem(key->get()), StartsWith("-----BEGIN PRIVATE KEY-----\n"));
  const auto read_root =
      read_certificate(folder.write("a.crt", to_pem(root->get())));
  const auto read_back = read_key(folder.write("a.key", to_pem(key->get())));
  ASSERT_TRUE(read_root && read_back);
  EXPECT_EQ(X509_cmp(read_root->get(), root->get()), 0);
  EXPECT_EQ(EVP_PKEY_eq(read_back->get(), key->get()), 1);
  EXPECT_TRUE(is_pair(read_root->get(), read_back->get()));
}

TEST_F(pem_files, are_refused_where_they_hold_something_else) {
  const auto key = make_key();
  ASSERT_TRUE(key);
  const auto key_file = folder.write("a.key", to_pem(key->get()));
  EXPECT_EQ(text_of_failure(read_certificate(key_file)),
            key_file + ": holds no certificate (no start line); it must be a "
                       "PEM file that begins with BEGIN CERTIFICATE");
  for (const auto& text :
       {"", "garbage\n",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}) {
    const auto file = folder.write("bad", text);
    EXPECT_THAT(text_of_failure(read_certificate(file)),
                StartsWith(file + ": holds no certificate ("));
    EXPECT_THAT(text_of_failure(read_key(file)),
                StartsWith(file + ": holds no private key ("));
  }
}

TEST_F(pem_files, are_refused_where_they_cannot_be_read) {
  const auto missing = folder / "missing";
  EXPECT_EQ(text_of_failure(read_certificate(missing)),
            missing + ": No such file or directory; it must be a PEM file that "
                      "this user can read");
  EXPECT_THAT(text_of_failure(read_key("/")), HasSubstr("Is a directory; "));
  EXPECT_THAT(text_of_failure(read_key("/dev/zero")),
              HasSubstr("is not a regular file; "));
  const auto large = folder.write("large", std::string(64 * 1024 + 1, '\n'));
  EXPECT_THAT(text_of_failure(read_key(large)), HasSubstr("larger than 64KiB"));
}

TEST_F(pem_files, with_a_pass_phrase_are_refused_and_nobody_is_asked) {
  const auto key = make_key();
  ASSERT_TRUE(key);
  const auto plain = folder.write("plain.key", to_pem(key->get()));
  const auto locked = folder / "locked.key";
  ASSERT_EQ(openssl({"pkey", "-in", plain, "-aes-256-cbc", "-passout",
                     "pass:secret", "-out", locked})
                .status,
            0);
  EXPECT_EQ(text_of_failure(read_key(locked)),
            locked + ": is encrypted; take the pass phrase off (openssl pkey "
                     "-in … -out …)");
}

TEST_F(pem_files, leave_no_error_behind_for_others_on_the_thread) {
  const auto key = make_key();
  const auto other = make_key();
  ASSERT_TRUE(key && other);
  const auto root = make_root("a", {now, now}, key->get());
  ASSERT_TRUE(root);
  EXPECT_FALSE(is_pair(root->get(), other->get()));
  EXPECT_FALSE(read_certificate(folder.write("bad", "bad")));
  EXPECT_FALSE(read_key(folder.write("bad", "bad")));
  EXPECT_EQ(ERR_peek_error(), 0u);
}

} // namespace

} // namespace mfo::cluster::certificates
