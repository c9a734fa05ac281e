// Sends webhooks as users of the vendors' own libraries would: signed by @octokit/webhooks-methods and
// by stripe. Usage: node senders.mjs BASE-URL GITHUB-PATH GITHUB-SECRET STRIPE-PATH STRIPE-SECRET
// Prints one line of JSON: how many payloads each sender had accepted, and how many refused.
import { createRequire } from "node:module";
import { sign } from "@octokit/webhooks-methods";

const require = createRequire(import.meta.url);
const Stripe = require("stripe");
const examples = require("@octokit/webhooks-examples/api.github.com/index.json");
const [base, githubPath, githubSecret, stripePath, stripeSecret] = process.argv.slice(2);

const post = async (path, body, headers) =>
  (await fetch(base + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  })).status;

const tally = { github: {}, tampered: {}, stripe: {} };
const count = (who, status) => (tally[who][status] = (tally[who][status] ?? 0) + 1);

let number = 0;
for (const { name, examples: payloads } of examples) {
  for (const payload of payloads) {
    const body = JSON.stringify(payload);
    const headers = {
      "x-github-event": name,
      "x-github-delivery": `delivery-${++number}`,
      "x-hub-signature-256": await sign(githubSecret, body),
    };
    count("github", await post(githubPath, body, headers));
    if (number % 10 === 0) {
      headers["x-github-delivery"] += "-tampered";
      count("tampered", await post(githubPath, body + " ", headers));
    }
  }
}

const stripe = new Stripe("sk_test_1");
for (let i = 0; i < 20; i++) {
  const payload = JSON.stringify({ id: `evt_${i}`, type: "charge.succeeded" });
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: stripeSecret });
  count("stripe", await post(stripePath, payload, { "stripe-signature": header }));
}
console.log(JSON.stringify(tally));
