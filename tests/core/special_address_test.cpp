#include "core/special_address.hpp"

#include <gtest/gtest.h>

namespace mfo::core {

namespace {

/// "" for a host of the public internet.
std::string use_of(std::string_view text) {
  const auto address = config::ip_address::parse(text);
  if (!address)
    return "no address: " + std::string{text};
  return std::string{special_use(*address).value_or("")};
}

struct sample {
  const char* address;
  const char* use;
};

/// Both ends of each block.
constexpr sample special[] = {
    {"0.0.0.0", "unspecified"},
    {"0.255.255.255", "unspecified"},
    {"10.0.0.0", "private"},
    {"10.255.255.255", "private"},
    {"100.64.0.0", "shared by a carrier (CGNAT)"},
    {"100.100.100.200", "shared by a carrier (CGNAT)"}, // metadata in Alibaba
    {"100.127.255.255", "shared by a carrier (CGNAT)"},
    {"127.0.0.1", "loopback"},
    {"127.255.255.255", "loopback"},
    {"168.63.129.16", "the host's control in Azure"},
    {"169.254.0.0", "link-local"},
    {"169.254.169.254", "link-local"}, // metadata in AWS, GCP and Azure
    {"169.254.255.255", "link-local"},
    {"172.16.0.0", "private"},
    {"172.31.255.255", "private"},
    {"192.0.0.0", "for protocols"},
    {"192.0.0.192", "for protocols"}, // metadata in Oracle's cloud
    {"192.0.2.255", "for documentation"},
    {"192.88.99.1", "a relay of 6to4"},
    {"192.168.0.0", "private"},
    {"192.168.255.255", "private"},
    {"198.18.0.0", "for benchmarks"},
    {"198.19.255.255", "for benchmarks"},
    {"198.51.100.7", "for documentation"},
    {"203.0.113.0", "for documentation"},
    {"224.0.0.1", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.0", "reserved or broadcast"},
    {"255.255.255.255", "reserved or broadcast"},
    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::7f00:1", "IPv4-compatible"},
    {"::808:808", "IPv4-compatible"},
    {"::ffff:127.0.0.1", "loopback"},
    {"::ffff:a9fe:a9fe", "link-local"},
    {"::ffff:0:127.0.0.1", "reserved"}, // IPv4-translated (RFC 2765)
    {"64:ff9b::10.0.0.1", "private"},
    {"64:ff9b::7f00:1", "loopback"},
    {"64:ff9b:1::808:808", "NAT64 of a network's own"},
    {"64:ff9b:2::808:808", "reserved"},
    {"100::1", "for discarding"},
    {"100:0:0:1::1", "reserved"},
    {"1fff:ffff::", "reserved"},
    {"2001::1", "Teredo"},
    {"2001:0:808:808::", "Teredo"},
    {"2001:2::1", "for protocols"},
    {"2001:1ff:ffff::", "for protocols"},
    {"2001:db8::1", "for documentation"},
    {"2002:7f00:1::", "6to4"},
    {"2002:808:808::1", "6to4"},
    {"3fff:fff::1", "for documentation"},
    {"4000::", "reserved"},
    {"5f00::1", "reserved"},
    {"fc00::1", "unique local"},
    {"fd00:ec2::254", "unique local"}, // metadata in AWS
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "site-local"},
    {"ff02::1", "multicast"},
};

constexpr const char* public_ones[] = {
    "1.0.0.0",         "1.1.1.1",         "8.8.8.8",
    "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
    "100.128.0.0",     "126.255.255.255", "128.0.0.0",
    "168.63.129.15",   "168.63.129.17",   "169.253.255.255",
    "169.255.0.0",     "172.15.255.255",  "172.32.0.0",
    "192.0.1.0",       "192.0.3.0",       "192.31.196.1",
    "192.167.255.255", "192.169.0.0",     "198.17.255.255",
    "198.20.0.0",      "203.0.112.255",   "203.0.114.0",
    "223.255.255.255", "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",
    "2000::1",         "2001:200::1",     "2001:4860:4860::8888",
    "2003::1",         "2606:4700::1111", "2620:4f:8000::1",
    "2a00:1450::1",    "3ffe::1",         "3fff:1000::1",
};

TEST(special_address, is_what_the_registries_say) {
  for (const auto& [address, use] : special)
    EXPECT_EQ(use_of(address), use) << address;
}

TEST(special_address, is_no_host_of_the_public_internet) {
  for (const auto* address : public_ones)
    EXPECT_EQ(use_of(address), "") << address;
}

} // namespace

} // namespace mfo::core
