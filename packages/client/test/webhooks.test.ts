import { createHmac } from "node:crypto";

import { webhooks, type DocketError } from "../src/index.ts";

const KEY = Buffer.alloc(32, 7);
const SECRET = `whsec_${KEY.toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
const NOW = 1_790_000_000_000;
const ID = "01980000-0000-7000-8000-000000000001";
const BODY = JSON.stringify({
  type: "dispute.won",
  timestamp: "2026-09-21T00:00:00.000Z",
  seq: 7,
  subject: "/v1/disputes/1",
  data: { note: "ŵ" },
});

const signed = (seconds: number, body = BODY) => {
  const mac = createHmac("sha256", KEY).update(`${ID}.${seconds}.${body}`).digest("base64");
  return {
    "webhook-id": ID,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")} v2,x v1,${mac}`,
  };
};

const options = { now: NOW };
const headers = signed(NOW / 1_000);

describe("webhooks.verify", () => {
  it("returns the event of a request that was signed with one of the secrets", async () => {
    const event = { id: ID, type: "dispute.won", seq: 7, data: { note: "ŵ" } };
    const secrets = [OTHER, SECRET];
    expect(await webhooks.verify({ headers, body: BODY }, secrets, options)).toMatchObject(event);
    const request = new Request("https://a.example", { method: "POST", headers, body: BODY });
    expect(await webhooks.verify(request, SECRET, options)).toMatchObject(event);
  });

  it.each([
    ["another secret", { headers, body: BODY }, OTHER],
    ["a changed body", { headers, body: BODY.replace("won", "lost") }, SECRET],
    ["another ID", { headers: { ...headers, "webhook-id": "x" }, body: BODY }, SECRET],
    ["no signature", { headers: { ...headers, "webhook-signature": "" }, body: BODY }, SECRET],
    ["a replay after ten minutes", { headers: signed(NOW / 1_000 - 600), body: BODY }, SECRET],
    ["a time in the future", { headers: signed(NOW / 1_000 + 600), body: BODY }, SECRET],
  ])("refuses %s", async (_, request, secret) => {
    const code: DocketError["code"] = "webhook_invalid";
    await expect(webhooks.verify(request, secret, options)).rejects.toMatchObject({ code });
  });

  it("does not take an empty secret, which anybody could sign with", async () => {
    const verify = webhooks.verify({ headers, body: BODY }, "", options);
    await expect(verify).rejects.toThrow("The webhook secret is invalid.");
  });
});
