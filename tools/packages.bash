# shellcheck shell=bash
# Every Debian package the project uses, by what it is for; CMake says which
# library is which (cmake/MfoDependencies.cmake).

packages_build=(
  g++ cmake ninja-build ccache python3
  libboost1.81-dev libcaf-dev libcli11-dev libexpected-dev libfmt-dev
  libhiredis-dev libhowardhinnant-date-dev libhttp-parser-dev libjemalloc-dev
  libjq-dev librabbitmq-dev libre2-dev librestinio-dev libsimdjson-dev
  libssl-dev libvalijson-dev libyaml-cpp-dev nlohmann-json3-dev
  prometheus-cpp-dev zlib1g-dev
)
# What a package of ours must depend on too: tzdata has the time zones of
# schedules (taskflow/schedule/time_zone.hpp).
packages_run=(ca-certificates curl openssl tzdata)
packages_test=(
  ca-certificates curl dnsmasq-base openssl git graphviz iproute2 iptables
  libgmock-dev libgtest-dev mount nginx-light prometheus python3
  python3-jsonschema python3-yaml rabbitmq-server redis-server tinyproxy-bin
  util-linux zsh
)
# Skipped where node 18 or newer and npm came from elsewhere.
packages_node=(nodejs npm)
# A browser for the console, and letters for its pictures.
packages_console=(chromium fonts-dejavu-core)
packages_lint=(clang-format clang-tidy cppcheck shellcheck)
packages_fuzz=(clang libclang-rt-14-dev)
packages_tsan=(dpkg-dev)
packages_cluster=(nginx-light python3 util-linux)
packages_compose=(docker.io docker-compose debootstrap python3)
packages_package=(
  debootstrap docker.io dpkg-dev file lintian python3 systemd
)
# nodejs too, unless a node came from elsewhere.
packages_bench=(
  binutils golang-go iproute2 libbenchmark-dev nginx-light openssl python3
  util-linux wrk
)
packages_valgrind=(valgrind)
packages_torture=(
  dnsmasq-base iproute2 mount python3 rabbitmq-server redis-server util-linux
)
