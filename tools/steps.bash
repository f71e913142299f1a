# shellcheck shell=bash
# Steps: one line each on the terminal, everything else in a log.

logs=build/logs

say() {
  printf '%s\n' "$@"
}

die() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# step NAME TEXT COMMAND…: runs COMMAND with its output in build/logs/NAME.log
# and prints TEXT, the time it took, and where the log is. When it fails: the
# last 40 lines, and its exit status.
step() {
  local text=$2 log=$logs/$1.log status=0 began=$SECONDS
  shift 2
  mkdir -p "$logs"
  printf '%-44s ' "$text …"
  if [[ -t 1 ]]; then
    "$@" </dev/null >"$log" 2>&1 &
    watch_log $! "$text" "$log" "$began"
    wait $! || status=$?
    printf '\r\033[K%-44s ' "$text …"
  else
    "$@" </dev/null >"$log" 2>&1 || status=$?
  fi
  if ((status == 0)); then
    printf '%4d s   %s\n' $((SECONDS - began)) "$log"
    return 0
  fi
  printf 'FAILED after %d s (status %d). The end of %s:\n' \
    $((SECONDS - began)) "$status" "$log"
  tail -n 40 "$log" | sed 's/^/  | /'
  return "$status"
}

# For a terminal: how far the process PID is, by Ninja's last "[12/80]".
watch_log() {
  local pid=$1 text=$2 log=$3 began=$4 progress
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.3
    progress=$(tail -c 4000 "$log" | grep -o '^\[[0-9]*/[0-9]*\]' | tail -n 1)
    printf '\r\033[K%-44s %4d s   %s' "$text …" $((SECONDS - began)) "$progress"
  done
}

# As many compilers as there are cores, and at most one for each 2.25 GiB of free
# memory: g++ takes 2 GiB for a unit of sources that include CAF.
jobs_that_fit() {
  local cores fit
  cores=$(nproc)
  fit=$(awk '/^MemAvailable/ {print int($2 / 2359296)}' /proc/meminfo)
  ((fit >= 1)) || fit=1
  echo $((cores < fit ? cores : fit))
}
