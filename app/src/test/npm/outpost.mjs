// Drives the API of event destinations as users of Outpost do: with its SDK, only the base URL is another.
// Usage: node outpost.mjs BASE-URL OPERATOR-KEY
// Prints one line of JSON: what each step came to.
import { as, outpost, refused } from "./client.mjs";

const said = {};

for (let tries = 0; said.health === undefined; tries++) {
  try {
    said.health = (await outpost.health.check()).status;
  } catch (error) {
    if (tries === 60) throw error;
    await new Promise((later) => setTimeout(later, 500));
  }
}
said.upsert = await outpost.tenants.upsert("acme", { metadata: { plan: "pro" } });
for (const id of ["b", "c", "d"]) await outpost.tenants.upsert(id);
said.pages = [];
for (let next; ; ) {
  const { models, pagination } = await outpost.tenants.list({ limit: 3, next });
  said.pages.push(models.length);
  next = pagination.next;
  if (!next) break;
}
said.topics = await outpost.topics.list();
said.types = (await outpost.schemas.listDestinationTypes()).map((type) => [
  type.type,
  type.configFields.map((field) => `${field.key}:${field.type}`),
]);
said.type = (await outpost.schemas.getDestinationType("webhook")).label;

const made = await outpost.destinations.create("acme", {
  type: "webhook",
  topics: ["user.created"],
  config: { url: "https://example.com/webhooks/user", customHeaders: '{"x-api-key":"k"}' },
  deliveryMetadata: { region: "eu" },
});
said.secret = made.credentials.secret.startsWith("whsec_");
said.target = made.target;
said.read = (await outpost.destinations.get("acme", made.id)).credentials.secret;
said.updated = (await outpost.destinations.update("acme", made.id, { type: "webhook", topics: "*" })).topics;
const rotated = await outpost.destinations.update("acme", made.id, {
  type: "webhook",
  credentials: { rotateSecret: true },
});
said.rotated = [
  rotated.credentials.secret !== made.credentials.secret,
  rotated.credentials.previousSecret,
  rotated.credentials.previousSecretInvalidAt > new Date(),
];
said.disabled = (await outpost.destinations.disable("acme", made.id)).disabledAt instanceof Date;
said.enabled = (await outpost.destinations.enable("acme", made.id)).disabledAt;
said.listed = (await outpost.destinations.list("acme", "webhook", "user.created")).length;

said.invalid = await refused(
  outpost.destinations.create("acme", { type: "webhook", topics: "*", config: { url: "nowhere" } }),
);
said.invalidUpdate = await refused(
  outpost.destinations.update("acme", made.id, { type: "webhook", config: { url: "nowhere", customHeaders: "7" } }),
);
said.unknownType = await refused(
  outpost.destinations.create("acme", {
    type: "aws_sqs",
    topics: "*",
    config: { queueUrl: "https://sqs.example.com/q" },
    credentials: { key: "k", secret: "s" },
  }),
);

// Every other type: made, read, changed, refused.
const others = {
  kafka: {
    good: { config: { brokers: "a.example.com:9092", topic: "orders", saslMechanism: "scram-sha-512" } },
    bad: { config: { brokers: "a.example.com", topic: "or ders", saslMechanism: "plain" } },
    change: {
      config: { brokers: "b.example.com:9092", topic: "orders", saslMechanism: "plain" },
      credentials: { username: "u2", password: "one more password" },
    },
    credentials: { username: "u", password: "a very long password" },
  },
  rabbitmq: {
    good: { config: { serverUrl: "mq.example.com:5672", exchange: "events" } },
    bad: { config: { serverUrl: "amqp://mq.example.com", exchange: "events" } },
    change: {
      config: { serverUrl: "mq.example.com:5673", exchange: "more" },
      credentials: { username: "u2", password: "one more password" },
    },
    credentials: { username: "u", password: "a very long password" },
  },
  hookdeck: {
    good: {},
    bad: { credentials: { token: "no token" } },
    change: { credentials: { token: btoa("src_2:another secret") } },
    credentials: { token: btoa("src_1:a long secret") },
  },
};
said.others = {};
said.refusals = {};
for (const [type, { good, bad, change, credentials }] of Object.entries(others)) {
  const made = await outpost.destinations.create("acme", { type, topics: "*", credentials, ...good });
  const read = await outpost.destinations.get("acme", made.id);
  const changed = await outpost.destinations.update("acme", made.id, { type, ...change });
  const hidden = ({ credentials }) => credentials.password ?? credentials.token;
  said.others[type] = [
    made.type,
    made.target,
    hidden(read),
    changed.target,
    hidden(await outpost.destinations.get("acme", made.id)),
    (await outpost.schemas.getDestinationType(type)).credentialFields.map((field) => field.key).join(),
  ];
  said.refusals[type] = [
    await refused(outpost.destinations.create("acme", { type, topics: "*", credentials, ...good, ...bad })),
    await refused(outpost.destinations.update("acme", made.id, { type, ...bad })),
    (await outpost.destinations.get("acme", made.id)).target === changed.target,
    (await outpost.destinations.list("acme")).filter((each) => each.type === type).length,
  ];
  await outpost.destinations.delete("acme", made.id);
}
said.unknownTenant = await refused(outpost.tenants.get("nobody"));
said.badKey = await refused(as("wrong").tenants.get("acme"));

const event = { id: "evt-1", tenantId: "acme", topic: "user.created", data: { user_id: "u1" } };
const published = await outpost.publish(event);
said.published = [published.id, published.duplicate, published.destinationIds.length === 1];
said.again = (await outpost.publish(event)).duplicate;
said.noTopic = await refused(outpost.publish({ tenantId: "acme", topic: "no.such", data: {} }));

const { token } = await outpost.tenants.getToken("acme");
const tenant = as(token);
said.own = (await tenant.tenants.get("acme")).destinationsCount;
said.foreign = await refused(tenant.tenants.get("b"));
said.tenantPublishes = await refused(tenant.publish(event));
said.portal = await refused(outpost.tenants.getPortalUrl("acme"));

said.deleted = await outpost.destinations.delete("acme", made.id);
said.gone = await refused(outpost.destinations.get("acme", made.id));
said.ended = await outpost.tenants.delete("acme");
console.log(JSON.stringify(said));
