// Publishes the example payloads of GitHub's community with Outpost's SDK, takes the webhooks that follow,
// and checks them with published libraries: bytes as they were published, signatures, nothing twice.
// Usage: node deliver.mjs BASE-URL OPERATOR-KEY
// Prints one line of JSON.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { verify } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import { apiKey, outpost, serverURL } from "./client.mjs";

const require = createRequire(import.meta.url);
const examples = require("@octokit/webhooks-examples/api.github.com/index.json");

const tally = { outpost: 0, standard: 0, wrong: [], twice: 0, metadata: 0, other: 0 };
const sent = new Map();
const got = new Set();
const secrets = {};
const take = async (path, headers, body) => {
  const id = headers["x-outpost-event-id"] ?? headers["webhook-id"];
  if (got.has(path + id)) tally.twice++;
  got.add(path + id);
  if (body !== sent.get(id)) tally.wrong.push(`${id}: other bytes`);
  if (path === "/outpost") {
    const signature = headers["x-outpost-signature"].replace("v0=", "sha256=");
    if (await verify(secrets.outpost, body, signature)) tally.outpost++;
    if (headers["x-outpost-region"] === "eu" && headers["x-outpost-source"] === "corpus") tally.metadata++;
  } else if (path === "/standard") {
    new Webhook(secrets.standard).verify(body, headers);
    tally.standard++;
  } else {
    tally.other++;
  }
};
const receiver = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () =>
    take(request.url, request.headers, Buffer.concat(parts).toString())
      .catch((error) => tally.wrong.push(String(error)))
      .finally(() => response.end("ok")),
  );
});
await new Promise((ready) => receiver.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${receiver.address().port}`;

await outpost.tenants.upsert("acme");
const create = (path, more) =>
  outpost.destinations.create("acme", { type: "webhook", topics: "*", config: { url: base + path }, ...more });
secrets.outpost = (await create("/outpost", { deliveryMetadata: { region: "eu" } })).credentials.secret;
const standard = await fetch(`${serverURL}/tenants/acme/destinations`, {
  method: "POST",
  headers: { authorization: `Bearer ${apiKey}` },
  body: JSON.stringify({
    type: "webhook",
    topics: ["user.*"],
    filter: { data: { repository: { $exist: true } } },
    config: { url: `${base}/standard`, signature: "standard-webhooks" },
  }),
});
secrets.standard = (await standard.json()).credentials.secret;
const disabled = await create("/disabled");
await outpost.destinations.disable("acme", disabled.id);
const deleted = await create("/deleted");
await outpost.destinations.delete("acme", deleted.id);

let published = 0;
let filtered = 0;
const payloads = examples.flatMap((event) => event.examples);
const publish = async (data, number) => {
  const id = `evt-${number}`;
  sent.set(id, JSON.stringify(data));
  const event = { id, tenantId: "acme", topic: "user.corpus", metadata: { source: "corpus" }, data };
  const { destinationIds } = await outpost.publish(event);
  published++;
  if (data.repository === undefined) filtered++;
  if (destinationIds.length !== (data.repository === undefined ? 1 : 2)) tally.wrong.push(`${id}: matches`);
};
for (let i = 0; i < payloads.length; i += 8) {
  await Promise.all(payloads.slice(i, i + 8).map((data, k) => publish(data, i + k)));
}
const wanted = 2 * published - filtered;
for (let waited = 0; tally.outpost + tally.standard < wanted && waited < 60_000; waited += 100) {
  await new Promise((later) => setTimeout(later, 100));
}
await new Promise((later) => setTimeout(later, 500));
receiver.closeAllConnections();
receiver.close();
console.log(JSON.stringify({ published, filtered, ...tally }));
