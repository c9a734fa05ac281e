// Makes vectors.json: requests signed by the senders' own libraries, or signed with node:crypto
// and found good (and found bad when changed) by the sender's own library.
//
//   npm install @octokit/webhooks-methods standardwebhooks svix stripe twilio square @linear/sdk \
//     @sendgrid/eventwebhook @paddle/paddle-node-sdk @slack/bolt @shopify/shopify-api sns-validator
//   node make-vectors.mjs > vectors.json
import assert from "node:assert/strict";
import { createHash, createHmac, createSign, generateKeyPairSync, sign } from "node:crypto";
import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const AT = 1700000000;
const REALLY = Math.ceil(Date.now() / 60000) * 60 + 600; // certificates begin when they are made
Date.now = () => AT * 1000;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length ? args : [AT * 1000]));
  }
};

const version = (name) =>
  `${name}@${JSON.parse(readFileSync(resolve("node_modules", name, "package.json"))).version}`;
const hmac = (algorithm, secret, content, encoding) =>
  createHmac(algorithm, secret).update(content).digest(encoding);

const texts = {
  empty: "",
  one: "{",
  order: '{"type":"order.paid","data":{"id":"ord_1","amount":1250}}',
  unicode: '{"id":"evt_9","event_id":"evt_9","name":"Zoë 🚀 \\u00e9","spaces":"  \\r\\n "}',
  long: JSON.stringify({ event_id: "evt_long", id: "evt_long", text: "0123456789abcdef".repeat(128) }),
};
const bytes = { nonUtf8: Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0xc3, 0x28, 0x80, 0x7d]) };
const vectors = [];
const add = (preset, how, by, name, secret, body, headers, more = {}) =>
  vectors.push({
    name: `${preset} ${name} ${by}`,
    preset, how, by: version(by), secret,
    method: "POST", url: "https://example.com/hook", at: AT,
    headers, body: Buffer.from(body).toString("base64"), ...more,
  });

// GitHub
const octokit = await import("@octokit/webhooks-methods");
for (const [name, text] of Object.entries(texts)) {
  if (text === "") continue; // the library refuses an empty payload
  add("github", "made", "@octokit/webhooks-methods", name, "It's a Secret to Everybody", text, {
    "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "X-Hub-Signature-256": await octokit.sign("It's a Secret to Everybody", text),
  }, { id: "72d3162e-cc78-11e3-81ab-4c9367dc0958" });
}

// Standard Webhooks, Svix
const standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
for (const [name, by, family, Webhook] of [
  ["standard-webhooks", "standardwebhooks", "webhook", require("standardwebhooks").Webhook],
  ["svix", "svix", "svix", require("svix").Webhook],
]) {
  for (const [bodyName, text] of Object.entries(texts)) {
    add(name, "made", by, bodyName, standard, text, {
      [`${family}-id`]: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      [`${family}-timestamp`]: `${AT}`,
      [`${family}-signature`]: new Webhook(standard).sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", new Date(AT * 1000), text),
    }, { id: "msg_p5jXN8AQM9LWM0D4loKWxJek" });
  }
}

// Stripe
const Stripe = require("stripe");
const stripe = new Stripe("sk_test_not_used");
for (const [name, payload] of Object.entries(texts)) {
  add("stripe", "made", "stripe", name, "whsec_Zx81", payload, {
    "Stripe-Signature": stripe.webhooks.generateTestHeaderString({
      payload, secret: "whsec_Zx81", timestamp: AT,
    }),
  }, { id: payload.includes('"id":"evt') ? JSON.parse(payload).id : null });
}

// Slack
const slack = require(resolve("node_modules/@slack/bolt/dist/receivers/verify-request.js"));
for (const [name, body] of Object.entries(texts)) {
  const secret = "8f742231b10e8888abcd99yyyzzz85a5";
  const headers = {
    "x-slack-request-timestamp": AT,
    "x-slack-signature": "v0=" + hmac("sha256", secret, `v0:${AT}:${body}`, "hex"),
  };
  const check = (body) => slack.isValidSlackRequest({
    signingSecret: secret, body, headers, nowMilliseconds: AT * 1000 });
  assert(check(body) && !check(body + " "));
  add("slack", "accepted", "@slack/bolt", name, secret, body,
    { ...headers, "x-slack-request-timestamp": `${AT}` },
    { id: body.includes("event_id") ? JSON.parse(body).event_id : null });
}

// Shopify
require("@shopify/shopify-api/adapters/node");
const { shopifyApi, LATEST_API_VERSION, ApiVersion } = require("@shopify/shopify-api");
const shopifySecret = "shpss_4ca3b1";
const shopify = shopifyApi({
  apiKey: "k", apiSecretKey: shopifySecret, hostName: "example.com", isEmbeddedApp: false,
  apiVersion: LATEST_API_VERSION ?? Object.values(ApiVersion).at(-1), scopes: [],
  logger: { level: 0 },
});
for (const [name, body] of Object.entries(texts)) {
  if (body === "") continue; // the library refuses an empty body
  const headers = {
    "X-Shopify-Hmac-Sha256": hmac("sha256", shopifySecret, body, "base64"),
    "X-Shopify-Topic": "orders/paid",
    "X-Shopify-Shop-Domain": "x.myshopify.com",
    "X-Shopify-API-Version": "2026-01",
    "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
  };
  const check = async (rawBody) => (await shopify.webhooks.validate({
    rawBody, rawRequest: { headers, method: "POST", url: "/hook" },
    rawResponse: {} })).valid;
  assert(await check(body));
  assert(!(await check(body + " ")));
  add("shopify", "accepted", "@shopify/shopify-api", name, shopifySecret, body, headers,
    { id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043" });
}

// Twilio
const twilio = require("twilio");
const webhooks = require("twilio/lib/webhooks/webhooks.js");
const twilioToken = "12345f67890ab1c2d3e4f5a6b7c8d9e0";
const form = (fields) => {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    for (const one of [value].flat()) params.append(key, one);
  }
  return params.toString();
};
for (const [name, url, fields] of [
  ["plain", "https://example.com/hook?foo=1&bar=2",
    { CallSid: "CA1234567890ABCDE", Caller: "+14158675310", Digits: "1234", To: "+18005551212" }],
  ["case and spaces", "https://example.com/hook",
    { b: " two words ", B: "x", a: "", "é": "Zoë 🚀", A: "100%&=+" }],
  ["repeated fields", "https://example.com/hook",
    { MediaUrl: ["https://b/2", "https://a/1", "https://b/2"], Body: "x" }],
  ["port", "https://example.com:8443/hook", { a: "1" }],
  ["no fields", "https://example.com/hook", {}],
]) {
  const signature = webhooks.getExpectedTwilioSignature(twilioToken, url, fields);
  assert(twilio.validateRequest(twilioToken, signature, url, fields));
  add("twilio", "made", "twilio", name, twilioToken, form(fields), {
    "Content-Type": "application/x-www-form-urlencoded",
    "X-Twilio-Signature": signature,
    "I-Twilio-Idempotency-Token": "d1f1fc7c",
  }, { url, id: "d1f1fc7c" });
}
{
  const url = "https://example.com:443/hook";
  add("twilio", "made", "twilio", "signed with the implied port", twilioToken, "a=1", {
    "Content-Type": "application/x-www-form-urlencoded",
    "X-Twilio-Signature": webhooks.getExpectedTwilioSignature(twilioToken, url, { a: "1" }),
  }, { url: "https://example.com/hook" });
}
for (const [name, body] of Object.entries(texts)) {
  const url = `https://example.com/hook?a=b&bodySHA256=${webhooks.getExpectedBodyHash(body)}`;
  const signature = webhooks.getExpectedTwilioSignature(twilioToken, url, {});
  assert(twilio.validateRequestWithBody(twilioToken, signature, url, body));
  add("twilio", "made", "twilio", `json ${name}`, twilioToken, body, {
    "Content-Type": "application/json",
    "X-Twilio-Signature": signature,
  }, { url });
}

// Square
const { WebhooksHelper } = require("square");
for (const [name, requestBody] of Object.entries(texts)) {
  const notificationUrl = "https://example.com/square/events?x=1";
  const signatureKey = "asdf1234";
  const signatureHeader = hmac("sha256", signatureKey, notificationUrl + requestBody, "base64");
  const check = (body) => WebhooksHelper.verifySignature({
    requestBody: body, signatureHeader, signatureKey, notificationUrl });
  assert(await check(requestBody));
  assert(!(await check(requestBody + " ")));
  add("square", "accepted", "square", name, signatureKey, requestBody,
    { "x-square-hmacsha256-signature": signatureHeader },
    { url: notificationUrl,
      id: requestBody.includes("event_id") ? JSON.parse(requestBody).event_id : null });
}

// Linear
const { LinearWebhookClient } = await import("@linear/sdk/webhooks");
for (const extra of [{}, { data: { title: "Zoë 🚀" } }]) {
  const body = JSON.stringify({ action: "create", ...extra, webhookTimestamp: AT * 1000 - 59000 });
  const signature = hmac("sha256", "lin_wh_1", body, "hex");
  const client = new LinearWebhookClient("lin_wh_1");
  assert(client.verify(Buffer.from(body), signature, AT * 1000));
  add("linear", "accepted", "@linear/sdk", `${Object.keys(extra).length}`, "lin_wh_1", body,
    { "Linear-Signature": signature, "Linear-Delivery": "234d1a4e" }, { id: "234d1a4e" });
}

// Paddle
const { Paddle } = require("@paddle/paddle-node-sdk");
const paddle = new Paddle("not used");
for (const [name, body] of Object.entries(texts)) {
  const secret = "pdl_ntfset_01gkdqjqgffm";
  const header = `ts=${AT};h1=${hmac("sha256", secret, `${AT}:${body}`, "hex")}`;
  const check = (body) => paddle.webhooks.isSignatureValid(body, secret, header);
  assert(await check(body));
  assert(!(await check(body + " ")));
  add("paddle", "accepted", "@paddle/paddle-node-sdk", name, secret, body,
    { "Paddle-Signature": header },
    { id: body.includes("event_id") ? JSON.parse(body).event_id : null });
}

// SendGrid
const { EventWebhook } = require("@sendgrid/eventwebhook");
for (const [name, body] of Object.entries(texts)) {
  const { publicKey: p256, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pem = p256.export({ type: "spki", format: "pem" });
  const signature = sign("sha256", Buffer.from(AT + body), privateKey).toString("base64");
  const hook = new EventWebhook();
  const check = (body) => hook.verifySignature(
    hook.convertPublicKeyToECDSA(pem), body, signature, `${AT}`);
  assert(check(body) && !check(body + " "));
  add("sendgrid", "accepted", "@sendgrid/eventwebhook", name,
    name === "order" ? pem : p256.export({ type: "spki", format: "der" }).toString("base64"), body, {
      "X-Twilio-Email-Event-Webhook-Signature": signature,
      "X-Twilio-Email-Event-Webhook-Timestamp": `${AT}`,
    });
}

// SNS: a certificate of our own behind the address that the library asks
const sns = [];
{
  const dir = mkdtempSync(join(tmpdir(), "sns-"));
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "36500",
    "-subj", "/CN=sns.amazonaws.com", "-keyout", join(dir, "k"), "-out", join(dir, "c")],
    { stdio: "ignore" });
  const pem = readFileSync(join(dir, "c"), "utf8");
  const key = readFileSync(join(dir, "k"), "utf8");
  https.get = (url, answer) => {
    const response = new EventEmitter();
    response.statusCode = 200;
    queueMicrotask(() => {
      answer(response);
      response.emit("data", pem);
      response.emit("end");
    });
    return new EventEmitter();
  };
  const Validator = require("sns-validator");
  const validate = (message) => new Promise((done) =>
    new Validator().validate({ ...message }, (error) => done(!error)));
  for (const [version_, algorithm] of [["1", "RSA-SHA1"], ["2", "RSA-SHA256"]]) {
    for (const [type, keys] of [
      ["SubscriptionConfirmation",
        ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]],
      ["Notification", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]],
      ["Notification", ["Message", "MessageId", "Timestamp", "TopicArn", "Type"]],
    ]) {
      const all = {
        Type: type, MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        Token: "2336412f37", TopicArn: "arn:aws:sns:us-west-2:123456789012:MyTopic",
        Subject: "Zoë", Message: 'You have chosen\n"to" subscribe',
        SubscribeURL: "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37",
        Timestamp: new RealDate(REALLY * 1000).toISOString(),
      };
      const message = Object.fromEntries(Object.entries(all).filter(([name]) => keys.includes(name)));
      message.SignatureVersion = version_;
      message.SigningCertURL =
        "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem";
      const signer = createSign(algorithm);
      for (const name of keys) signer.update(`${name}\n${message[name]}\n`);
      message.Signature = signer.sign(key, "base64");
      assert(await validate(message));
      assert(!(await validate({ ...message, Message: "other" })));
      sns.push({ name: `${type} ${version_} ${keys.length}`, by: version("sns-validator"),
        at: REALLY, certificate: pem, message: JSON.stringify(message, null, 2) });
    }
  }
}

// Every kind of body, the one that is no UTF-8 too, with nothing but node's own crypto
const cryptoVersion = { by: `node:crypto ${process.version}` };
for (const [name, body] of [...Object.entries(texts).map(([n, t]) => [n, Buffer.from(t)]), ...Object.entries(bytes)]) {
  const joined = (before) => Buffer.concat([Buffer.from(before), body]);
  const plain = (preset, headers, more = {}) =>
    vectors.push({
      name: `${preset} ${name} node:crypto`, preset, how: "made", by: cryptoVersion.by, secret: "s3cret",
      method: "POST", url: "https://example.com/hook", at: AT, headers,
      body: body.toString("base64"), ...more });
  plain("github", { "X-Hub-Signature-256": "sha256=" + hmac("sha256", "s3cret", body, "hex") });
  plain("github-sha1", { "X-Hub-Signature": "sha1=" + hmac("sha1", "s3cret", body, "hex") });
  plain("stripe", { "Stripe-Signature": `t=${AT},v1=${hmac("sha256", "s3cret", joined(`${AT}.`), "hex")}` });
  plain("slack", { "X-Slack-Request-Timestamp": `${AT}`, "X-Slack-Signature": "v0=" + hmac("sha256", "s3cret", joined(`v0:${AT}:`), "hex") });
  plain("zoom", { "x-zm-request-timestamp": `${AT}`, "x-zm-signature": "v0=" + hmac("sha256", "s3cret", joined(`v0:${AT}:`), "hex") });
  plain("shopify", { "X-Shopify-Hmac-Sha256": hmac("sha256", "s3cret", body, "base64") });
  plain("woocommerce", { "X-WC-Webhook-Signature": hmac("sha256", "s3cret", body, "base64") });
  plain("x", { "x-twitter-webhooks-signature": "sha256=" + hmac("sha256", "s3cret", body, "base64") });
  plain("vercel", { "x-vercel-signature": hmac("sha1", "s3cret", body, "hex") });
  plain("paddle", { "Paddle-Signature": `ts=${AT};h1=${hmac("sha256", "s3cret", joined(`${AT}:`), "hex")}` });
  plain("square", { "x-square-hmacsha256-signature": hmac("sha256", "s3cret", joined("https://example.com/hook"), "base64") });
  plain("standard-webhooks", {
    "webhook-id": "msg_1", "webhook-timestamp": `${AT}`,
    "webhook-signature": "v1," + hmac("sha256", Buffer.from(standard.slice(6), "base64"), joined(`msg_1.${AT}.`), "base64"),
  }, { secret: standard });
  const ed = generateKeyPairSync("ed25519");
  plain("standard-webhooks", {
    "webhook-id": "msg_1", "webhook-timestamp": `${AT}`,
    "webhook-signature": "v1a," + sign(null, joined(`msg_1.${AT}.`), ed.privateKey).toString("base64"),
  }, { name: `standard-webhooks v1a ${name} node:crypto`,
    secret: "whpk_" + ed.publicKey.export({ type: "spki", format: "der" }).subarray(12).toString("base64") });
  plain("twilio", {
    "Content-Type": "application/json",
    "X-Twilio-Signature": hmac("sha1", "s3cret", `https://example.com/hook?bodySHA256=${createHash("sha256").update(body).digest("hex")}`, "base64"),
  }, { url: `https://example.com/hook?bodySHA256=${createHash("sha256").update(body).digest("hex")}` });
}

process.stdout.write(JSON.stringify({ requests: vectors, sns }, null, 1) + "\n");
