import { request as open } from "node:http";
import { gzipSync } from "node:zlib";
import { waitFor } from "@docket/testing";
import { transactionLines, useKey } from "../../support/keyed.ts";
import { validToken } from "../../support/tokens.ts";
import { useStage } from "../../support/use-stage.ts";

const suite = useStage();
const { key, send } = useKey(suite);

const path = (): string => `/v1/contexts/${suite.tenant.contextId}/records/transactions`;
const post = (body: Buffer | string, options?: Parameters<typeof send>[2]) =>
  send(path(), body, options);

const GZIP = { "Content-Encoding": "gzip" };

describe("an ingest with an idempotency key", () => {
  it("is applied once, and a replay is only hashed", async () => {
    const first = await post(transactionLines(5_000));
    expect(first).toMatchObject({ status: 200, replayed: false });
    const again = await post(transactionLines(5_000));
    expect(again).toMatchObject({ status: 200, replayed: true, text: first.text });
    expect(JSON.parse(again.text)).toMatchObject({ inserted: 5_000 });
    expect(await suite.tenant.countTransactions()).toBe(5_000);
  });

  it("is a different request with an additional byte, another type or another encoding", async () => {
    await post(transactionLines(3));
    expect(await post(`${transactionLines(3)}\n`)).toMatchObject({ status: 422 });
    expect(await post(transactionLines(3), { type: "application/ndjson" })).toMatchObject({
      status: 422,
      code: "idempotency_key_reused",
    });
    const packed = await post(gzipSync(transactionLines(3)), { headers: GZIP });
    expect(packed.code).toBe("idempotency_key_reused");
    expect(await suite.tenant.countTransactions()).toBe(3);
  });

  it("is hashed as sent when it is compressed, with the bytes after the end of the gzip stream", async () => {
    const packed = Buffer.concat([gzipSync(transactionLines(10)), Buffer.alloc(1_000)]);
    const push = () => post(packed, { headers: GZIP });
    const first = await push();
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(await push()).toMatchObject({ status: 200, replayed: true, text: first.text });
  });

  it("leaves the key free when a line is invalid", async () => {
    expect((await post(`${transactionLines(2)}\n{}`)).code).toBe("invalid_records");
    expect(await suite.tenant.keys()).toEqual([]);
    expect(await post(transactionLines(2))).toMatchObject({
      status: 200,
      replayed: false,
    });
  });

  it("holds the key while the body is sent, and releases it when the client disconnects", async () => {
    const sent = open({
      port: suite.stage.port,
      method: "POST",
      path: path(),
      headers: {
        Authorization: `Bearer ${validToken({ tenant_id: suite.tenant.tenantId })}`,
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key(),
      },
    });
    sent.on("error", () => undefined);
    sent.write(transactionLines(3));
    await waitFor(async () => (await suite.tenant.keys()).length === 1);
    expect((await post(transactionLines(3))).code).toBe("idempotency_key_in_use");
    sent.destroy();
    await waitFor(async () => (await suite.tenant.keys()).length === 0);
    expect(await post(transactionLines(3))).toMatchObject({
      status: 200,
      replayed: false,
    });
  });

  it("is applied once when it is sent several times at once", async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => post(transactionLines(500))));
    const done = answers.filter(({ status }) => status === 200);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ replayed, status }) => status === 200 && !replayed)).toHaveLength(1);
    for (const { status, code } of answers)
      if (status !== 200) expect(code).toBe("idempotency_key_in_use");
    expect(await suite.tenant.countTransactions()).toBe(500);
  });
});
