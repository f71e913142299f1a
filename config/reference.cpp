#include "config/reference.hpp"

#include "config/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mfo::config {

namespace {

constexpr auto introduction = R"(# Configuration

<!-- Generated from the tables in config/schema*.cpp. Change them, then run:
     ninja -C build/dev config-reference && build/dev/config-reference > docs/reference/configuration.md -->

A node reads one YAML file: `mfo-node run --config FILE`. `mfo-node check
--config FILE` says whether it is right without starting anything, and with
`--print` shows the settings that are in effect, defaults filled in and secrets
as `***`.

## The short and the long form

The short form is one server and one endpoint. The server's name is `default`.
The endpoint's id is `webhook`, its scheme is `hmac` with all defaults: the hex
HMAC-SHA256 of the body in the header `X-Signature`.

```yaml
server_url: https://mfo.example.com
server_token: ${MFO_TOKEN}
webhook_path: /webhook
webhook_secret: ${WEBHOOK_SECRET}
```

The long form says the same and leaves room for more. Both can stand in one
file, as long as every name, id and path is there once.

```yaml
servers:
  default:
    url: https://mfo.example.com
    auth: {type: bearer, token: "${MFO_TOKEN}"}
endpoints:
  - id: webhook
    path: /webhook
    signature: {scheme: hmac, secret: "${WEBHOOK_SECRET}"}
```

`config/examples/` holds complete files: `quickstart.yaml`, `github.yaml`,
`cluster.yaml` for one node of three, and `full.yaml` with every key.

## Values

| Type | Written as |
| --- | --- |
| duration | A number and a unit: `200ms`, `10s`, `1.5s`, `5m`, `1h`. A number without a unit is an error. |
| size | Bytes, or a number and a unit: `4096`, `64kB`, `1MB`, `1GB` (powers of 1000), `16KiB`, `1MiB`, `1GiB` (powers of 1024). |
| integer | Digits: `8`. |
| number | Digits, perhaps with a point: `2`, `1.5`. |
| address | `host:port`, `[::1]:port`, or `:port` for all IPv4 addresses. Port 0: the kernel picks one. |
| path | Of a file. A relative path starts at the folder of the configuration file. |
| peer address | Where another node can be reached: `host:port`, `[::1]:port`, or `host` alone, at the port of this node's `cluster.listen`. |
| name | 1 to 64 of `a-z`, `0-9`, `_`, `-`. |
| labels | A map: `{region: eu, team: crm}`. A name in it is 1 to 64 of `a-z`, `0-9`, `.`, `_`, `-`, `/`; a value is 1 to 64 visible ASCII characters, the first one not `$`. |
| secret | Text of at least one character. Never logged, printed or quoted in an error. |
| word | One of the words listed. |

A file is UTF-8 and 1 MiB at most. Anchors and aliases work; tags and merge keys
(`<<`) do not.

## Variables and files

Every value, but no key, can refer to environment variables:

| Written | Stands for |
| --- | --- |
| `${NAME}` | The variable's value. It is an error if the variable is not set. |
| `${NAME:-default}` | The default if the variable is not set or empty. The default ends at the first `}` and cannot hold another `${`. |
| `$$` | One `$`. Any other `$` stands for itself. |

Variables are filled in after YAML has been read, so their values need no quotes
and cannot add keys. In a flow list or map, `{…}` and `[…]`, YAML itself wants
quotes around a reference: `secret: "${NAME}"`.

A key that ends in `_file` names a file that holds the secret, for instance one
that an orchestrator mounts. One line break at its end is not part of the
secret.

## Nodes of a cluster

With the section `cluster`, nodes share their work: what one takes in is run by
it or by another, whichever has less to do. Nobody is in charge, and nothing
else is needed: a node finds the others by its `seeds`, and once it has found
one of them it knows them all. Each has a file of its own, with another
`node_name` and certificate; `name`, the times, endpoints, servers and workflows
are the same in all.

```yaml
node_name: node-a
cluster:
  name: shop
  listen: 0.0.0.0:7420
  seeds: [node-a, node-b, node-c]
  tls:
    certificate: /etc/mfo/cluster/node-a.crt
    key: /run/secrets/node-a.key
    ca: /etc/mfo/cluster/ca.crt
```

A node does all there is to do, unless `roles` names less:

| Role | A node that has it |
| --- | --- |
| `intake` | Takes events in, and gives others what is not for it to run. With this role alone it can stand where senders reach it, without a way to the servers. |
| `runner` | Runs the taskflows of triggers. Of their calls it makes those by `http_call` itself, and has those of the servers made by a connector. |
| `connector` | Calls the servers: delivers the events of endpoints, and makes the calls of taskflows, for all nodes. It alone needs the way to the servers, and their credentials. |

An event for which there is no node with the role is answered 503.

`labels` say what else tells one node from another: its region, its team, its
network. They mean nothing by themselves. The `placement` of an endpoint, or of
a [trigger](taskflows.md#triggers), asks for them:

```yaml
placement:
  require: {team: crm}
  prefer: {region: $self}
```

Nobody but a node with all that is under `require` runs such an event; where
there is none, it is answered 503. Of the nodes that may and have room, one with
most of what is under `prefer` runs it; where all of these are busy, any other.
`$self` stands for the value that the node has that took the event in.

Nodes hand each other events and believe each other, so each proves by a
certificate of the cluster's own authority that it is one of them: `mfo-node
cluster init-ca` makes the authority, and `mfo-node cluster issue NAME` what a
node needs. `tls: off` is for several nodes on one host, to try things out:
`listen`, `advertise` and `seeds` are on loopback then, where any process of the
host could join.

## Errors

Everything that is wrong is reported at once, in the order of the file, a line
each, and the exit code is 78:

```
node.yaml:3:1: webhok_secret: unknown key (did you mean webhook_secret?)
node.yaml:7:13: limits.max_body: must be 1 to 1GiB
```

That is file, line, column in bytes, key, what was expected, and perhaps a hint.
A value of the file is never quoted, since any value may be a secret.
)";

std::string code(const std::string& text) {
  return text.empty() ? "" : '`' + text + '`';
}

/// Prose as it stands, a value as code.
std::string default_of(const key_spec& spec) {
  if (spec.required)
    return "**required**";
  if (spec.default_text.empty())
    return spec.keys.empty() ? "empty" : "see below";
  const bool prose = spec.default_text.find(' ') != std::string::npos ||
                     spec.default_text == "none";
  return prose ? spec.default_text : code(spec.default_text);
}

std::string section_link(const std::string& path) {
  // As GitHub makes them of headings.
  std::string anchor = path;
  std::ranges::transform(anchor, anchor.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  std::erase_if(anchor,
                [](char c) { return c == '.' || c == '[' || c == ']'; });
  return fmt::format("[`{}`](#{})", path, anchor);
}

std::string path_of(const std::string& parent, const key_spec& spec) {
  const auto path = join_path(parent, spec.key);
  if (spec.type == "list of maps")
    return path + "[]";
  return spec.type == "map of maps" ? path + ".NAME" : path;
}

void append_table(std::string& out, const std::vector<key_spec>& keys,
                  const std::string& parent) {
  out += "\n| Key | Type | Default | Range | Meaning | Example |\n"
         "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& spec : keys) {
    const auto name = spec.keys.empty() ? code(spec.key)
                                        : section_link(path_of(parent, spec));
    out += fmt::format("| {} | {} | {} | {} | {} | {} |\n", name, spec.type,
                       default_of(spec), spec.range, spec.help,
                       code(spec.example));
  }
}

void append_sections(std::string& out, const std::vector<key_spec>& keys,
                     const std::string& parent) {
  for (const auto& spec : keys) {
    if (spec.keys.empty())
      continue;
    const auto path = path_of(parent, spec);
    out += fmt::format("\n### `{}`\n\n{}\n", path, spec.help);
    append_table(out, spec.keys, path);
    append_sections(out, spec.keys, path);
  }
}

} // namespace

std::string reference_markdown() {
  std::string out = introduction;
  const auto keys = file_table().keys;
  out += "\n## Keys\n\n### Top level\n";
  append_table(out, keys, {});
  append_sections(out, keys, {});
  return out;
}

} // namespace mfo::config
