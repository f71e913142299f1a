# shellcheck shell=bash
# Runs the fuzz targets, as many at a time as there are cores, and says of each
# what it did. Every target counts as one test.

fuzz_tree=build/asan

# fuzz [--seconds N | --runs N] [TARGET…]
fuzz() {
  local limit=-max_total_time=60 names=() name listed
  while (($# > 0)); do
    case $1 in
      --seconds | --runs)
        [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "$1 takes a number"
        limit=-max_total_time=$2
        [[ $1 == --seconds ]] || limit=-runs=$2
        shift
        ;;
      -*) die "no such option: $1; ./dev help lists them" ;;
      *) names+=("$1") ;;
    esac
    shift
  done
  if ! build_fuzz; then
    count 0 1 0 1
    return 0
  fi
  listed=$(cut -d ' ' -f 1 $fuzz_tree/fuzz-targets)
  ((${#names[@]} > 0)) || mapfile -t names <<<"$listed"
  for name in "${names[@]}"; do
    grep -qFx -e "$name" <<<"$listed" ||
      die "no such target: $name; there are: ${listed//$'\n'/ }"
  done
  mkdir -p $logs $fuzz_tree/findings
  printf '%-20s %12s %9s %9s %9s\n' target executions 'per s' coverage findings
  run_targets "$limit" "${names[@]}"
}

build_fuzz() {
  configure asan asan || return
  step build-fuzz "Build $fuzz_tree, fuzz targets" \
    cmake --build $fuzz_tree --parallel "$(jobs_that_fit)" --target fuzz
}

# run_targets LIMIT TARGET…: a line each as it ends, and the counts of all.
run_targets() {
  local limit=$1 name pid status running=0
  local -A name_of=()
  shift
  for name; do
    if ((running == $(nproc))); then
      wait_for_target
    fi
    run_target "$name" "$limit" &
    name_of[$!]=$name
    ((running += 1))
  done
  while ((running > 0)); do
    wait_for_target
  done
}

# Uses running and name_of of its caller.
wait_for_target() {
  status=0
  wait -n -p pid "${!name_of[@]}" || status=$?
  report_target "${name_of[$pid]}" "$status"
  unset "name_of[$pid]"
  ((running -= 1)) || true
}

# run_target NAME LIMIT: what it finds interesting stays in the build tree, for
# the next run to go on with; what it finds wrong goes to findings/.
run_target() {
  local name=$1 limit=$2 length dictionary seeds options
  read -r _ length dictionary seeds < <(grep "^$name " $fuzz_tree/fuzz-targets)
  options=(-max_len="$length" -timeout=10 -rss_limit_mb=1024
    -print_final_stats=1 -artifact_prefix="$fuzz_tree/findings/$name-")
  [[ $dictionary == - ]] ||
    options+=(-dict="fuzz/dictionaries/$dictionary.dict")
  mkdir -p "$fuzz_tree/corpus/$name"
  # shellcheck disable=SC2086
  ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1} \
    UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1} \
    "$fuzz_tree/fuzz-$name" "${options[@]}" "$limit" \
    "$fuzz_tree/corpus/$name" $seeds </dev/null >"$logs/fuzz-$name.log" 2>&1
}

# report_target NAME STATUS
report_target() {
  local name=$1 status=$2 log=$logs/fuzz-$1.log finding
  # The counts of libFuzzer's last line: "#1234 DONE cov: 56 ft: …".
  awk -v name="$name" -v wrong=$((status == 0 ? 0 : 1)) '
    / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") coverage = $(i + 1) }
    /^stat::number_of_executed_units/ { runs = $2 }
    /^stat::average_exec_per_sec/ { speed = $2 }
    END {
      printf "%-20s %12d %9d %9d %9d\n", name, runs, speed, coverage, wrong
    }' "$log"
  if ((status == 0)); then
    count 1 0 0 0
    return 0
  fi
  count 0 1 0 1
  say "failed: fuzz $name: $(grep -m 1 -E '^SUMMARY: |ERROR: ' "$log")"
  finding=$(sed -n 's/^.*Test unit written to //p' "$log")
  say "  the input: ${finding:-none was written}"
  say "  the end of $log:"
  # Neither statistics nor what libFuzzer and the library call.
  grep -vE '^stat::|^ *#.* (in (fuzzer::|main|_start|__libc)|\(/lib)' "$log" |
    tail -n 20 | sed 's/^/  | /'
}
