# shellcheck shell=bash
# CAF as Debian has it, once more and with ThreadSanitizer: it follows what one
# actor hands another only through mailboxes that are built with it too.

caf_tree=build/caf-tsan

# Leaves the libraries in $caf_tree/lib.
build_caf_for_tsan() {
  [[ ! -f $caf_tree/done ]] || return 0
  step fetch-caf "Fetch the source of CAF" fetch_caf_source || return
  step build-caf "Build $caf_tree" make_caf_for_tsan || return
  touch $caf_tree/done
}

# From where the machine has its packages from, whether or not it asks for
# sources; what the system keeps of them is left alone.
fetch_caf_source() {
  local apt=$PWD/$caf_tree/apt file version
  rm -rf "$caf_tree"
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,parts} "$caf_tree/source"
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -n 's/^deb /deb-src /p' >"$apt/sources.list" || true
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ ! -f $file ]] ||
      sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/${file##*/}"
  done
  local ours=(-o Dir::Etc::SourceList="$apt/sources.list"
    -o Dir::Etc::SourceParts="$apt/parts" -o Dir::State::Lists="$apt/lists"
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root)
  # Without Debian's patches, which are about its build.
  version=$(dpkg-query -W -f='${source:Version}' libcaf-dev) &&
    apt-get -q "${ours[@]}" update &&
    (cd "$caf_tree" && apt-get -q "${ours[@]}" source --tar-only \
      --download-only "actor-framework=$version") &&
    tar -xf "$caf_tree"/actor-framework_*.orig.tar.* -C "$caf_tree/source" \
      --strip-components=1
}

# One of its headers lacks an include that it had from others when it was new.
make_caf_for_tsan() {
  cmake -S $caf_tree/source -B $caf_tree/build -G Ninja \
    -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_FLAGS_DEBUG="-O1 -g1" \
    -D CMAKE_CXX_FLAGS="-fsanitize=thread -Wno-tsan -include limits" \
    -D CAF_NO_OPENSSL=ON -D CAF_NO_EXAMPLES=ON -D CAF_NO_UNIT_TESTS=ON \
    -D CAF_NO_TOOLS=ON -D CAF_NO_PYTHON=ON &&
    cmake --build $caf_tree/build --parallel "$(jobs_that_fit)" &&
    mkdir -p $caf_tree/lib &&
    find $caf_tree/build -name 'libcaf_*.so*' -exec cp -a -t $caf_tree/lib {} +
}
