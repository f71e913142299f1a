// The manifests of deploy/kubernetes, held to the schemas and the types of
// Kubernetes' API, to each other, and to what the node says of its configuration.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { parse, parseAllDocuments } from "yaml";
import { StatefulSet } from "kubernetes-models/apps/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Namespace, Service } from "kubernetes-models/v1";
import { binary } from "./support/processes.mjs";

const folder = fileURLToPath(new URL("../../deploy/kubernetes/", import.meta.url));
const models = {
  ConfigMap, Namespace, NetworkPolicy, PodDisruptionBudget, Service, StatefulSet,
};

const manifests = readdirSync(folder).filter((name) => name.endsWith(".yaml"))
  .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), "utf8"))
    .map((document) => {
      assert.deepEqual(document.errors, [], file);
      return { file, ...document.toJS() };
    }));

const of_kind = (kind) => manifests.filter((each) => each.kind === kind);
const [set] = of_kind("StatefulSet");
const pod = set.spec.template.spec;
const [container] = pod.containers;
const configuration = parse(of_kind("ConfigMap")[0].data["node.yaml"]);
const port_of = (address) => Number(address.split(":").at(-1));

for (const { file, ...manifest } of manifests)
  test(`${file}: ${manifest.kind} ${manifest.metadata.name} fits the schema`, () => {
    const model = models[manifest.kind];
    assert.ok(model, `which schema has a ${manifest.kind}?`);
    new model(manifest).validate();
    assert.equal(new model({}).apiVersion, manifest.apiVersion);
  });

test("no manifest has a member that Kubernetes does not know", () => {
  // The schemas let these pass; TypeScript does not, in a literal.
  const source = fileURLToPath(new URL("manifests-as-types.ts", import.meta.url));
  const text = manifests.map(({ file, ...manifest }, index) =>
    `const m${index}: import("kubernetes-models/${manifest.apiVersion}").`
    + `I${manifest.kind} = ${JSON.stringify(manifest)};`).join("\n") + "\nexport {};\n";
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, types: [],
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === source || fileExists.call(host, name);
  host.getSourceFile = (name, ...more) => name === source
    ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest)
    : getSourceFile.call(host, name, ...more);
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([source], options, host))
    .map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
  assert.deepEqual(problems, []);
});

test("no manifest has a secret", () => {
  assert.deepEqual(of_kind("Secret"), []);
  assert.doesNotMatch(JSON.stringify(configuration), /"(token|secret|password)":/);
  assert.ok(!container.env.some((each) => "value" in each));
});

test("the pods have no rights", () => {
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  assert.equal(pod.securityContext.runAsNonRoot, true);
  assert.ok(pod.securityContext.runAsUser > 0);
  assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
  assert.equal(pod.automountServiceAccountToken, false);
  for (const each of ["hostNetwork", "hostPID", "hostIPC", "initContainers"])
    assert.ok(!(each in pod), each);
  const kinds = pod.volumes.map(({ name, ...source }) => Object.keys(source)[0]);
  assert.deepEqual([...new Set(kinds)].sort(), ["configMap", "secret"]);
});

test("everything is in one namespace, and selects the pods", () => {
  const [{ metadata: { name: namespace } }] = of_kind("Namespace");
  for (const each of manifests)
    if (each.kind !== "Namespace")
      assert.equal(each.metadata.namespace, namespace, each.file);
  const labels = set.spec.template.metadata.labels;
  const selectors = [
    set.spec.selector.matchLabels,
    ...of_kind("Service").map((each) => each.spec.selector),
    ...of_kind("PodDisruptionBudget").map((each) => each.spec.selector.matchLabels),
    ...of_kind("NetworkPolicy").map((each) => each.spec.podSelector.matchLabels),
  ];
  assert.equal(selectors.length, 5);
  for (const selector of selectors)
    assert.deepEqual(selector, labels);
});

test("ports have the numbers that the configuration has, and are named right", () => {
  const ports = Object.fromEntries(
    container.ports.map((each) => [each.name, each.containerPort]));
  assert.deepEqual(ports, {
    events: port_of(configuration.listen),
    admin: port_of(configuration.admin_listen),
    cluster: port_of(configuration.cluster.listen),
  });
  for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"])
    assert.equal(container[probe].httpGet.port, "admin");
  const [{ spec: policy }] = of_kind("NetworkPolicy");
  const named = [
    ...of_kind("Service").flatMap((each) => each.spec.ports.map((port) => port.targetPort)),
    ...policy.ingress.flatMap((each) => each.ports.map((port) => port.port)),
  ];
  for (const name of named)
    assert.ok(name in ports, name);
  assert.equal(policy.egress[0].ports[0].port, ports.cluster);
});

test("nodes are discovered by a headless service, which has those that drain too", () => {
  const [seed] = configuration.cluster.seeds;
  const service = of_kind("Service").find(
    (each) => each.metadata.name === seed.split(":")[0]);
  assert.equal(service.spec.clusterIP, "None");
  assert.equal(service.spec.publishNotReadyAddresses, true);
  assert.equal(set.spec.serviceName, service.metadata.name);
  assert.equal(port_of(seed), service.spec.ports[0].port);
});

test("a pod has the time that it takes to stop", () => {
  const [, wait] = container.lifecycle.preStop.exec.command;
  const drain = Number(/^(\d+)s$/.exec(configuration.drain_timeout)[1]);
  // What docs/operations.md has a node take after that: sinks have 5 s by default.
  const letters = Math.min(30, Math.max(3, 1 + 5 * (configuration.dead_letters ?? []).length));
  assert.ok(pod.terminationGracePeriodSeconds >= Number(wait) + drain + 7 + letters);
});

test("mfo-node finds nothing wrong with what each pod is given", (t) => {
  const here = mkdtempSync(join(tmpdir(), "mfo-kubernetes-"));
  t.after(() => rmSync(here, { recursive: true }));
  const run = (...words) => execFileSync(binary, words, {
    encoding: "utf8",
    env: { ...process.env, POD_NAME: "mfo-node-0", POD_IP: "192.0.2.1", HOST_NAME: "host" },
  });
  run("cluster", "init-ca", "--folder", here, "--cluster", configuration.cluster.name);
  const certificates = pod.volumes.find((each) => each.name === "certificates").secret.items;
  for (let number = 0; number < set.spec.replicas; ++number) {
    const name = `${set.metadata.name}-${number}`;
    run("cluster", "issue", name, "--folder", here, "--out", here);
    // As kubelet lays them, of which `subPathExpr` lets a pod see its own.
    const own = certificates.filter((each) => each.path.startsWith(`${name}/`));
    assert.deepEqual(own.map((each) => [each.key, each.path]), [
      ["ca.crt", `${name}/ca.crt`],
      [`${name}.crt`, `${name}/node.crt`],
      [`${name}.key`, `${name}/node.key`],
    ]);
  }
  assert.equal(certificates.length, 3 * set.spec.replicas);
  for (const each of ["crt", "key"])
    writeFileSync(join(here, `node.${each}`), readFileSync(join(here, `mfo-node-0.${each}`)));
  for (const each of ["webhook-secret", "mfo-token", "admin-token"])
    writeFileSync(join(here, each), "long-enough-to-be-a-secret");
  const file = join(here, "node.yaml");
  writeFileSync(file, of_kind("ConfigMap")[0].data["node.yaml"]
    .replaceAll(/\/run\/secrets\/(mfo|cluster)/g, here));
  assert.equal(run("check", "--config", file), `${file}: good\n`);
});
