// Each reason of a refusal (docs/reference/metrics.md): whose fault it is, what it
// means, and what to do. A test holds the words to that page.

const sender = "sender", server = "server", node = "node", taskflow = "taskflow",
  cluster = "cluster", fine = "fine";

const table = {
  not_found: [sender, "No endpoint has this path.",
    "Compare the path that the sender posts to with those of the endpoints. Many different paths from one address are a scanner's."],
  method_not_allowed: [sender, "The endpoint is not asked by this method.",
    "Have the sender use the method that the endpoint shows, mostly POST."],
  source_not_allowed: [sender, "The endpoint takes nothing from this address.",
    "If the sender has new addresses, add them to allow_from. Behind a proxy, see to it that trusted_proxies names it."],
  origin_not_allowed: [sender, "The endpoint takes no CloudEvents of this origin.",
    "Add the origin to cloudevents.allowed_origins, if it is a wanted one."],
  rate_limited: [sender, "Events come faster than the endpoint takes them.",
    "Raise rate_limit or rate_limit_per_address, or have the sender slow down. A good sender sends again."],
  too_many_connections: [sender, "One address holds as many connections as it may.",
    "Behind a proxy, set trusted_proxies. Else raise limits.max_connections_per_address."],
  too_much_at_once: [sender, "One address sends as many bytes at a time as it may.",
    "Have the sender send less at once, or raise the limit."],
  unsupported_media_type: [sender, "The endpoint does not take this media type or coding.",
    "Compare the sender's Content-Type with formats of the endpoint."],
  payload_too_large: [sender, "The body is larger than the endpoint takes.",
    "Raise limits.max_body or that of the endpoint, if such bodies are wanted."],
  header_too_large: [sender, "Request line and fields are larger than the node takes.",
    "Look what the sender, or a proxy, adds to its requests."],
  malformed_request: [sender, "The request is no valid HTTP/1.1.",
    "Mostly a scanner, or TLS spoken to a port without it. A real sender needs mending."],
  expectation_failed: [sender, "The sender expects something the node does not do.",
    "Have it send no Expect but 100-continue."],
  request_timeout: [sender, "The request did not come whole in time.",
    "A slow or broken network, or a sender that trickles on purpose."],
  saturated: [node, "The node holds as many events as it may.",
    "Mostly a server is slow: see its circuit and its calls. Else more nodes, or higher limits.max_in_flight."],
  draining: [node, "The node is stopping and takes no more.",
    "Nothing: senders send again, to another node. If it should not stop, see who drained it."],
  bad_signature: [sender, "It could not be shown that the sender sent this.",
    "Did the sender or this side change the secret, or does something in between change bodies? Both secrets can hold for a while (secrets). mfo-node sign shows a good signature."],
  malformed_body: [sender, "The body is not what its media type and coding say.",
    "Look at what the sender sends; something in between may change it."],
  malformed_json: [sender, "The body is not one JSON text.",
    "Look at what the sender sends. If it is no JSON, the endpoint needs another format."],
  too_complex: [sender, "The body is nested deeper, or has more values, than the node takes.",
    "Raise the limits of JSON, if such bodies are wanted."],
  schema_violation: [sender, "The payload has not the form that the endpoint expects.",
    "The detail has the place. Has the sender a new version? Then the schema wants changing."],
  in_progress: [sender, "A delivery with this id is under way.",
    "Nothing: the sender asks for the outcome by sending it again later."],
  duplicate: [fine, "A delivery with this id was taken care of before.",
    "Nothing: look for the first one by the sender's own id."],
  handshake: [fine, "No event: the sender asked whether it may send some.", "Nothing."],
  upstream_rejected: [server, "The server refused the event. Sending it again will not help.",
    "What was changed last, there or here: token, path, form of the events? The server's own log has its reason."],
  upstream_unreachable: [server, "The server could not be reached.",
    "Is it up, and is the way to it (DNS, proxy, firewall, certificate) open? mfo-node call asks it once."],
  upstream_failed: [server, "The server failed to take the event.",
    "It answered 5xx or broke off: its own log says why."],
  upstream_busy: [server, "The server takes no more now.",
    "It is slower than events come: mend it, or have fewer calls at a time (max_in_flight)."],
  upstream_timeout: [server, "The server did not answer in time. It may have the event.",
    "Is it slower than usual? Else raise the timeout of the endpoint or the server."],
  circuit_open: [server, "The server failed too often and is left alone for a while.",
    "Mend the server: the node finds out by itself, and comes back slowly."],
  stage_unavailable: [node, "A part of the node was being started again.",
    "That is a fault of the program: report the log lines \"actor failed\"."],
  internal_error: [node, "The node failed on the event.",
    "That is a fault of the program: report the log lines that have the event's id."],
  taskflow_failed: [taskflow, "What was to be done was refused.",
    "The run below says which task, and why."],
  taskflow_errored: [taskflow, "What was to be done could not be carried out.",
    "The run below says which task, and why: a server, an expression, a limit."],
  taskflow_timeout: [taskflow, "What was to be done took too long.",
    "The run below says where the time went. Raise its timeout, or acknowledge first (ack: received)."],
  taskflow_cancelled: [taskflow, "What was to be done was stopped.",
    "Somebody ended the run, or the node stopped: the log has who."],
  no_eligible_node: [cluster, "No node of the cluster could run the event.",
    "Is there one alive with the role and the labels that it needs, that neither drains nor is full? See the cluster."],
  too_few_copies: [cluster, "Too few nodes could hold a copy.",
    "How many members are alive, and how many copies does the endpoint want? See the cluster."],
};

const faults = {
  sender: "the sender's side",
  server: "the server",
  node: "this node",
  taskflow: "the taskflow",
  cluster: "the cluster",
  fine: "nobody",
};

export const reasons = Object.keys(table);

/** {fault, whose, meaning, advice}; of a word that is not known, what there is to say. */
export function explain(reason) {
  const [fault, meaning, advice] = table[reason] ??
    [node, "This page does not know the word.", "See the log by the event's id."];
  return { fault, whose: faults[fault], meaning, advice };
}

/** Whether it is a failure of this side. */
export const is_ours = (reason) =>
  !["sender", "fine"].includes(explain(reason).fault);

/** What is to be done about a failing check of /health. */
export function advice_on(check) {
  const by_start = [
    ["server", "Is the server up, and is the way to it open? The node comes back to it by itself."],
    ["subscription", "What did the server say, and does it reach callback_url? The node asks again by itself."],
    ["dead letters", "A full disk, a redis or RabbitMQ that is away? Do not restart the node while letters wait."],
    ["cluster", "A node fell silent: start it again, or see whether it is cut off."],
    ["room", "Mostly a server is slow; else more nodes, or higher limits."],
  ];
  return by_start.find(([start]) => check.startsWith(start))?.[1] ?? "";
}
