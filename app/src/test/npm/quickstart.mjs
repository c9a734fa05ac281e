// Follows the quick start of Outpost's SDK: a tenant, a webhook, and then every program that publishes in the package's
// own README, each as it stands there, with the base URL changed and the key in its place. The receiver checks what comes.
// Usage: node quickstart.mjs BASE-URL OPERATOR-KEY
// Prints one line of JSON.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { verify } from "@octokit/webhooks-methods";
import { apiKey, outpost, serverURL } from "./client.mjs";

const said = { programs: [], got: [] };

const secrets = {};
const receiver = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    const body = Buffer.concat(parts).toString();
    const header = (name) => request.headers[`x-outpost-${name}`];
    const verified = await verify(secrets[request.url], body, header("signature").replace("v0=", "sha256="));
    said.got.push([request.url, header("event-id"), header("topic"), header("source"), body, verified]);
    response.end("ok");
  });
});
await new Promise((ready) => receiver.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${receiver.address().port}`;

await outpost.tenants.upsert("tenant_123");
for (const [path, topics] of [["/one", ["user.created"]], ["/all", ["*"]]]) {
  const made = await outpost.destinations.create("tenant_123", { type: "webhook", topics, config: { url: base + path } });
  secrets[path] = made.credentials.secret;
}

const run = (program) =>
  new Promise((ended) => {
    const node = spawn(process.execPath, ["--input-type=module", "-"]);
    let output = "";
    node.stdout.on("data", (text) => (output += text));
    node.stderr.on("data", (text) => (output += text));
    node.on("close", (status) => ended([status, output.replaceAll(/\s+/g, " ").trim()]));
    node.stdin.end(program);
  });
const readme = readFileSync("node_modules/@hookdeck/outpost-sdk/README.md", "utf8");
for (const [, block] of readme.matchAll(/^```typescript\n(.*?)^```$/gms)) {
  if (!block.includes("outpost.publish(")) continue;
  const program = block
    .replace("<YOUR_BEARER_TOKEN_HERE>", apiKey)
    .replace(/^ *serverURL: .*\n/m, "")
    .replace("new Outpost({\n", `new Outpost({\n  serverURL: "${serverURL}",\n`);
  said.programs.push(await run(program));
}
for (let waited = 0; said.got.length < 2 && waited < 30_000; waited += 100) {
  await new Promise((later) => setTimeout(later, 100));
}
said.got.sort();
receiver.closeAllConnections();
receiver.close();
console.log(JSON.stringify(said));
