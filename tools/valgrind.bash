# shellcheck shell=bash
# Unit tests with valgrind's memcheck, which sees what sanitizers do not: values
# that were never set, in libraries too. A program of tests counts as one test.

# Of whole programs, which do their work in other processes; and of all that can
# happen, which would take days.
without_valgrind=(doctor_integration examples hardening house integration
  integration_cluster load cluster_seeds model)
# Likewise, of 5,000 configurations that are loaded; and what asks how jemalloc counts,
# or how a program that is not there fails to start, both of which valgrind replaces.
valgrind_filter=-a_value.is_never_quoted_wherever_it_stands
valgrind_filter+=:heap.tells_what_is_allocated_and_what_that_takes
valgrind_filter+=:graphviz.says_what_to_install

# run_valgrind [FOLDER…]: all but those if none is named, such as core.
run_valgrind() {
  local tree=build/release name names=("$@")
  if ! build release; then
    count 0 1 0 1
    return 0
  fi
  ((${#names[@]} > 0)) || mapfile -t names < <(
    find $tree -maxdepth 1 -name '*_test' -printf '%f\n' | sed 's/_test$//' |
      grep -vFxf <(printf '%s\n' "${without_valgrind[@]}") | sort
  )
  for name in "${names[@]}"; do
    [[ -x $tree/${name}_test ]] || die "no such tests: $name"
    if step "valgrind-$name" "Run ${name}_test with valgrind" \
      with_valgrind "$PWD/$tree/${name}_test"; then
      count 1 0 0 0
    else
      echo "failed: ${name}_test with valgrind"
      count 0 1 0 1
    fi
  done
}

# What is allocated by jemalloc has to be looked for where jemalloc is. Of
# simulations, one seed.
with_valgrind() {
  MFO_SEED=${MFO_SEED:-1} valgrind --quiet --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite --show-leak-kinds=definite --fair-sched=yes \
    --soname-synonyms='somalloc=*jemalloc*' --suppressions=tools/valgrind.supp \
    "$1" --gtest_brief=1 --gtest_filter="$valgrind_filter"
}
