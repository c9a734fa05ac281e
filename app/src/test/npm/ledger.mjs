// Looks at what happened as users of Outpost do: publishes with its SDK to a receiver that fails at first, and asks
// for events, attempts, retries and metrics.
// Usage: node ledger.mjs BASE-URL OPERATOR-KEY
// Prints one line of JSON: what each step came to.
import { createServer } from "node:http";
import { apiKey, as, outpost, refused, serverURL } from "./client.mjs";

const said = {};
const until = async (ask, wanted) => {
  for (let tries = 0; ; tries++) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && wanted(answer)) return answer;
    if (tries === 300) throw new Error(`not in time: ${ask} ${JSON.stringify(answer)}`);
    await new Promise((later) => setTimeout(later, 100));
  }
};

let failing = true;
const got = [];
const receiver = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    got.push(request.headers["x-outpost-event-id"]);
    const fails = failing && request.url === "/flaky";
    response.writeHead(fails ? 500 : 200, { "content-type": "application/json", "set-cookie": "a=b" });
    response.end(JSON.stringify({ fails }));
  });
});
await new Promise((ready) => receiver.listen(0, "127.0.0.1", ready));
const base = `http://127.0.0.1:${receiver.address().port}`;

await outpost.tenants.upsert("acme");
await outpost.tenants.upsert("other");
const create = (tenant, path, topics) =>
  outpost.destinations.create(tenant, {
    type: "webhook",
    topics,
    config: { url: base + path, customHeaders: '{"x-api-key":"hidden-key"}' },
  });
const good = await create("acme", "/good", ["user.created"]);
const flaky = await create("acme", "/flaky", "*");
await create("other", "/good", "*");

const start = new Date(Date.now() - 60_000);
for (let i = 0; i < 5; i++) {
  await outpost.publish({
    id: `evt-${i}`,
    tenantId: "acme",
    topic: i < 3 ? "user.created" : "user.deleted",
    eligibleForRetry: false,
    metadata: { source: "test" },
    data: { number: i },
  });
}
await outpost.publish({ id: "evt-other", tenantId: "other", topic: "user.created", data: {} });
await until(() => outpost.attempts.list({ tenantId: "acme" }), (page) => page.models.length === 8);

const all = await outpost.events.list({ tenantId: "acme", dir: "asc" });
said.events = all.models.map((event) => [event.id, event.topic, event.matchedDestinationIds.length, event.data.number]);
said.metadata = all.models[0].metadata;
said.bothTenants = (await outpost.events.list({})).models.length;
said.byTopic = (await outpost.events.list({ tenantId: "acme", topic: ["user.deleted"] })).models.length;
said.byDestination = (await outpost.events.list({ destinationId: good.id })).models.length;
said.byId = (await outpost.events.list({ id: ["evt-1", "evt-2"] })).models.length;
said.inTime = (await outpost.events.list({ tenantId: "acme", time: { gte: start, lte: new Date(Date.now() + 60_000) } }))
  .models.length;
said.before = (await outpost.events.list({ tenantId: "acme", time: { lt: start } })).models.length;
said.pages = [];
for (let next; ; ) {
  const { models, pagination } = await outpost.events.list({ tenantId: "acme", limit: 2, next });
  said.pages.push(models.map((event) => event.id));
  next = pagination.next;
  if (!next) break;
}
said.event = (await outpost.events.get("evt-3")).data;
said.noEvent = await refused(outpost.events.get("evt-none"));
said.raw = await (
  await fetch(`${serverURL}/events/evt-3/raw`, { headers: { authorization: `Bearer ${apiKey}` } })
).text();

const failed = (
  await outpost.attempts.list({
    destinationId: flaky.id,
    eventId: "evt-0",
    status: "failed",
    include: ["event.data", "response_data", "destination"],
  })
).models;
said.failed = failed.map((attempt) => [
  attempt.code,
  attempt.status,
  attempt.attemptNumber,
  attempt.manual,
  attempt.event.data,
  attempt.event.eligibleForRetry,
  attempt.responseData.status,
  attempt.responseData.body,
  attempt.responseData.headers["set-cookie"],
  attempt.destination.id === flaky.id,
]);
const one = await outpost.attempts.get(failed[0].id, undefined, "event");
said.one = [one.id === failed[0].id, one.event.topic, one.responseData === undefined];
said.ofDestination = (
  await outpost.destinations.listAttempts({ tenantId: "acme", destinationId: good.id })
).models.length;
said.oneOfDestination = (await outpost.destinations.getAttempt("acme", flaky.id, failed[0].id)).code;
said.oneOfAnother = await refused(outpost.destinations.getAttempt("acme", good.id, failed[0].id));
const plain = await (
  await fetch(`${serverURL}/attempts/${failed[0].id}?include=response_data`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
).json();
said.request = [plain.request.headers["x-api-key"], plain.request.headers["x-outpost-signature"], plain.address];
said.timed = plain.timings_ms.total > 0;
said.outcome = plain.outcome;

failing = false;
said.retried = await outpost.retry({ eventId: "evt-0", destinationId: flaky.id });
const after = await until(
  () => outpost.attempts.list({ destinationId: flaky.id, eventId: "evt-0" }),
  (page) => page.models.length === 2,
);
said.manual = after.models.map((attempt) => [attempt.status, attempt.attemptNumber, attempt.manual]);
said.noSuchEvent = await refused(outpost.retry({ eventId: "evt-none", destinationId: flaky.id }));
said.noSuchDestination = await refused(outpost.retry({ eventId: "evt-0", destinationId: "des_none" }));
said.unmatched = await refused(outpost.retry({ eventId: "evt-4", destinationId: good.id }));
await outpost.destinations.disable("acme", good.id);
said.disabled = await refused(outpost.retry({ eventId: "evt-0", destinationId: good.id }));
const bulk = (body) =>
  fetch(`${serverURL}/retries`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  });
said.dry = (await (await bulk({ tenant_id: "acme", dry_run: true })).json()).retried;
const many = await bulk({ tenant_id: "acme", limit: 3 });
said.many = [many.status, (await many.json()).retried];
await until(() => outpost.attempts.list({ destinationId: flaky.id }), (page) => page.models.length === 9);
said.rest = await (await bulk({ tenant_id: "acme" })).json();
await until(() => outpost.attempts.list({ destinationId: flaky.id }), (page) => page.models.length === 10);

const time = { start, end: new Date(Date.now() + 60_000) };
const metrics = await outpost.metrics.getAttemptMetrics({
  time,
  measures: ["count", "successful_count", "failed_count", "error_rate", "manual_retry_count", "rate"],
  dimensions: ["tenant_id", "destination_id"],
  filtersTenantId: "acme",
});
said.metrics = Object.fromEntries(
  metrics.data.map((point) => [point.dimensions.destination_id === flaky.id ? "flaky" : "good", point.metrics]),
);
said.byStatus = (
  await outpost.metrics.getAttemptMetrics({ time, measures: "count", dimensions: ["status", "code", "manual"] })
).data.map((point) => [...Object.values(point.dimensions), point.metrics.count]);
const chart = await outpost.metrics.getEventMetrics({ time, granularity: "1m", measures: ["count", "rate"] });
said.chart = [chart.metadata.granularity, chart.data.reduce((sum, point) => sum + point.metrics.count, 0)];
said.badGranularity = await refused(outpost.metrics.getEventMetrics({ time, granularity: "5x", measures: "count" }));

const { token } = await outpost.tenants.getToken("other");
const tenant = as(token);
said.own = (await tenant.events.list({ tenantId: "acme" })).models.map((event) => event.id);
said.ownAttempts = (await tenant.attempts.list({})).models.map((attempt) => attempt.tenantId);
said.foreignEvent = await refused(tenant.events.get("evt-0"));
said.foreignAttempt = await refused(tenant.attempts.get(failed[0].id));
said.foreignRetry = await refused(tenant.retry({ eventId: "evt-0", destinationId: flaky.id }));
said.ownMetrics = (await tenant.metrics.getEventMetrics({ time, measures: "count" })).data[0].metrics.count;
said.foreignMetrics = await refused(
  tenant.metrics.getEventMetrics({ time, measures: "count", filtersTenantId: "acme" }),
);

// a retry by hand succeeds while the next attempt by itself is still to come: that one is not made any more
const late = { eventId: "evt-late", destinationId: (await create("other", "/flaky", ["late"])).id };
failing = true;
await outpost.publish({ id: late.eventId, destinationId: late.destinationId, tenantId: "other", topic: "late", data: {} });
await until(() => outpost.attempts.list({ eventId: late.eventId }), (page) => page.models.length === 1);
said.waiting = (await (await bulk({ tenant_id: "other" })).json()).skipped;
failing = false;
await outpost.retry(late);
const raw = async () =>
  (await (await fetch(`${serverURL}/attempts?event_id=evt-late`, { headers: { authorization: `Bearer ${apiKey}` } })).json())
    .models;
await until(raw, (models) => models.length === 2 && models[1].outcome === "skipped");
said.overtaken = (await raw()).map((attempt) => [attempt.status, attempt.attempt_number, attempt.outcome]);
said.requests = got.filter((id) => id === late.eventId).length;

receiver.closeAllConnections();
receiver.close();
console.log(JSON.stringify(said));
