# shellcheck shell=bash
# Adds up what test runners report, for the one closing line.

passed=0 failed=0 skipped=0

# count_ctest FILE FOLDER STATUS: adds a report of ctest --output-junit, and of
# processes with many tests what each wrote to FOLDER. A run that left no report,
# or failed with no failed test in it, counts as one failure.
count_ctest() {
  local ok bad off
  read -r ok bad off < <(tools/count_tests "$1" "$2" || echo 0 1 0)
  count "${ok:-0}" "${bad:-1}" "${off:-0}" "$3"
}

# tell_seeds FOLDER: how many seeds of simulated clusters were played, if any, by
# what their processes wrote to FOLDER.
tell_seeds() {
  cat "$1"/cluster_seeds.*.xml 2>/dev/null | awk -F '"' '
    /<property name="(seeds|nodes)"/ { sum[$2] += $4 }
    END {
      if (sum["seeds"])
        printf "%d seeds of simulated clusters, %d nodes\n", sum["seeds"], sum["nodes"]
    }' || true
}

# count_tap FILE STATUS: adds a report of node --test --test-reporter=tap, with
# the same rule. Each failure is told in a line that begins with `failed:`.
count_tap() {
  local ok bad off
  sed -nE '/ # (SKIP|TODO)/!s/^ *not ok [0-9]+ - (.*)$/failed: \1/p' "$1" 2>/dev/null
  read -r ok bad off < <(awk '
    /^# pass / { ok = $3 }
    /^# (fail|cancelled) / { bad += $3 }
    /^# (skipped|todo) / { off += $3 }
    END { print ok + 0, bad + 0, off + 0 }' "$1" 2>/dev/null || echo 0 1 0)
  count "${ok:-0}" "${bad:-1}" "${off:-0}" "$2"
}

# count_closing_line FILE STATUS: adds the counts of the last line, as
# print_results prints it. An output that ends without one counts as one failure.
count_closing_line() {
  local line
  line=$(tail -n 1 "$1")
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:-0}" "$2"
  else
    count 0 1 0 1
  fi
}

count() {
  local ok=$1 bad=$2 off=$3 status=$4
  ((status == 0 || bad > 0)) || bad=1
  ((ok + bad + off > 0)) || bad=1 # a run of no test is no success
  ((passed += ok, failed += bad, skipped += off)) || true
}

# The closing line; returns 1 when anything failed.
print_results() {
  local line="$passed passed, $failed failed"
  ((skipped == 0)) || line+=", $skipped skipped"
  echo "$line"
  ((failed == 0))
}
