# shellcheck shell=bash
# A Docker engine for as long as a script needs one, where none runs. For scripts
# that have sourced tools/steps.bash.

engine_process='' engine_folder='' rules_before=''

# why_no_engine: says why there can be none here, or nothing.
why_no_engine() {
  ! docker info >/dev/null 2>&1 || return 0
  if ((EUID != 0)); then
    echo "no Docker engine runs, and only root could start one"
  elif ! unshare --mount --net true 2>/dev/null; then
    echo "no Docker engine runs, and this root may make no namespaces for one"
  fi
}

# start_engine: sets DOCKER_HOST if it has started one. That keeps everything in
# a folder of its own.
start_engine() {
  local deadline=$((SECONDS + 60)) why
  ! docker info >/dev/null 2>&1 || return 0
  why=$(why_no_engine)
  [[ -z $why ]] || die "$why"
  rules_before=$(rules_of_docker)
  # Not under the build folder: the path of a socket has 107 bytes at most.
  engine_folder=$(mktemp -d --tmpdir=/var/tmp mfo-engine.XXXXXX)
  export DOCKER_HOST=unix://$engine_folder/socket
  # Neither a bridge that nobody asked for, nor packets forwarded to others: that
  # would switch them off for all that do not belong to Docker.
  dockerd --host "$DOCKER_HOST" --data-root "$engine_folder/data" \
    --exec-root "$engine_folder/run" --pidfile "$engine_folder/pid" \
    --bridge none --ip-forward=false </dev/null >$logs/dockerd.log 2>&1 &
  engine_process=$!
  until docker info >/dev/null 2>&1; do
    if ! kill -0 "$engine_process" 2>/dev/null || ((SECONDS > deadline)); then
      tail -n 20 $logs/dockerd.log >&2
      die "the Docker engine did not start; above is the end of its log"
    fi
    sleep 0.2
  done
}

# Packet filters in chains of Docker's, which an engine leaves behind.
rules_of_docker() {
  iptables-save 2>/dev/null | grep DOCKER || true
}

# stop_engine: only the one that start_engine has started, with all it had.
stop_engine() {
  local deadline=$((SECONDS + 30))
  [[ -n $engine_process ]] || return 0
  # What failed may have left some, and their bridges would stay.
  {
    docker ps --all --quiet | xargs -r docker rm --force
    docker network prune --force
  } >>$logs/dockerd.log 2>&1 || true
  kill "$engine_process" 2>/dev/null || true
  while kill -0 "$engine_process" 2>/dev/null && ((SECONDS < deadline)); do
    sleep 0.2
  done
  kill -KILL "$engine_process" 2>/dev/null || true
  wait "$engine_process" 2>/dev/null || true
  # Its own network namespace it leaves mounted.
  umount "$engine_folder"/run/netns/* 2>/dev/null || true
  rm -rf --one-file-system "$engine_folder" 2>>$logs/dockerd.log || true
  # Where there is no other engine that needs them.
  if [[ -z $rules_before && -n $(rules_of_docker) ]]; then
    iptables-save | grep -v DOCKER | iptables-restore || true
  fi
  unset DOCKER_HOST
  engine_process=''
}
