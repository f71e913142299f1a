# shellcheck shell=bash
# `./dev run`: a stand-in MFO server, a node, and one event from end to end.

demo_config=config/examples/quickstart.yaml
# Where the quickstart has them.
webhook_url=http://127.0.0.1:8088/webhook
server_url=http://127.0.0.1:8090
admin_url=http://127.0.0.1:9090

# Filled by start: process id → what it is.
declare -A started=()

demo() {
  local once=${1:-}
  trap stop_all EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  for port in 8088 8090 9090; do require_free "$port"; done
  WEBHOOK_SECRET=$(openssl rand -hex 24)
  export WEBHOOK_SECRET
  start dev-server build/release/mfo-node dev-server
  start node build/release/mfo-node run --config $demo_config
  wait_until "the node to be ready" curl -fsS $admin_url/health/ready
  show_one_event
  [[ $once == --once ]] || stay_up
}

require_free() {
  ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null ||
    die "port $1 is in use on this machine; stop what listens there" \
      "(ss -ltnp 'sport = :$1' names it) and run this again"
}

# start NAME COMMAND…: in the background, with a log of its own.
start() {
  local name=$1
  shift
  mkdir -p "$logs"
  "$@" </dev/null >"$logs/$name.log" 2>&1 &
  started[$!]=$name
  printf 'Started the %s (process %d); log: %s\n' \
    "$name" $! "$logs/$name.log"
}

# die_if_ended: nothing of what was started may end by itself.
die_if_ended() {
  local pid
  for pid in "${!started[@]}"; do
    kill -0 "$pid" 2>/dev/null || {
      tail -n 20 "$logs/${started[$pid]}.log" | sed 's/^/  | /' >&2
      die "the ${started[$pid]} has ended; above is the end of its log"
    }
  done
}

# wait_until WHAT COMMAND…: until COMMAND succeeds, for 15 seconds at most.
wait_until() {
  local what=$1 deadline=$((SECONDS + 15))
  shift
  until "$@" >/dev/null 2>&1; do
    die_if_ended
    ((SECONDS < deadline)) || die "waited 15 s in vain for $what; see $logs"
    sleep 0.1
  done
}

# The same two commands that stay_up prints for copying.
show_one_event() {
  local sample=tools/sample-event.json signature answer id
  signature=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" -r $sample)
  say "" "Send $sample, signed, to $webhook_url:"
  answer=$(curl -sS -i --max-time 15 "$webhook_url" \
    -H 'Content-Type: application/json' \
    -H "X-Signature: ${signature%% *}" --data-binary @$sample) ||
    die "the node did not answer; see $logs/node.log"
  say "$answer"
  [[ ${answer%%$'\r'*} == *" 202"* ]] ||
    die "the event was not accepted; see $logs/node.log"
  id=$(grep -o '"event_id" *: *"[^"]*"' <<<"$answer" | cut -d'"' -f4)
  [[ -n $id ]] || die "the answer names no event id"
  wait_until "event $id at the server" event_arrived "$id"
  say "" "Event $id arrived at the server; it recorded:"
  curl -fsS $server_url/__control/events
  say "" ""
}

event_arrived() {
  curl -fsS $server_url/__control/events | grep -q "\"id\":\"$1\""
}

stay_up() {
  cat <<TEXT
Webhooks go to   $webhook_url
The server has   $server_url/__control/events
The node is at   $admin_url/health and $admin_url/metrics

Send another:
  body='{"hello":"world"}'
  curl -i $webhook_url -H 'Content-Type: application/json' \\
    -H "X-Signature: \$(printf %s "\$body" |
      openssl dgst -sha256 -hmac $WEBHOOK_SECRET -r | cut -d' ' -f1)" \\
    --data-binary "\$body"

Ctrl-C stops both.
TEXT
  while sleep 1; do die_if_ended; done
}

# Stops what start started, and waits for it: 12 seconds, then by force.
stop_all() {
  local pid deadline=$((SECONDS + 12))
  ((${#started[@]} > 0)) || return 0
  kill "${!started[@]}" 2>/dev/null || true
  for pid in "${!started[@]}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS < deadline)); do
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  started=()
}
