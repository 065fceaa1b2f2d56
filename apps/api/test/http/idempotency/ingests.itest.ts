import { request as open } from "node:http";
import { gzipSync } from "node:zlib";
import { waitFor } from "@docket/testing";
import { createKeyedStage, transactionLines } from "../../support/keyed.ts";
import { validToken } from "../../support/tokens.ts";

const { stage, bench, key, post, recordsPath, transactions, keys } = createKeyedStage();

describe("an ingest with an idempotency key", () => {
  it("is applied once, and a replay is only hashed", async () => {
    const first = await post(recordsPath(), transactionLines(5_000));
    expect(first).toMatchObject({ status: 200, replayed: false });
    const again = await post(recordsPath(), transactionLines(5_000));
    expect(again).toMatchObject({ status: 200, replayed: true, text: first.text });
    expect(JSON.parse(again.text)).toMatchObject({ inserted: 5_000 });
    expect(await transactions()).toBe(5_000);
  });

  it("is a different request with an additional byte, another type or another encoding", async () => {
    await post(recordsPath(), transactionLines(3));
    expect(await post(recordsPath(), `${transactionLines(3)}\n`)).toMatchObject({ status: 422 });
    expect(await post(recordsPath(), transactionLines(3), "application/ndjson")).toMatchObject({
      status: 422,
      code: "idempotency_key_reused",
    });
    const packed = await post(recordsPath(), gzipSync(transactionLines(3)), undefined, {
      "Content-Encoding": "gzip",
    });
    expect(packed.code).toBe("idempotency_key_reused");
    expect(await transactions()).toBe(3);
  });

  it("is hashed as sent when it is compressed, with the bytes after the end of the gzip stream", async () => {
    const packed = Buffer.concat([gzipSync(transactionLines(10)), Buffer.alloc(1_000)]);
    const send = () => post(recordsPath(), packed, undefined, { "Content-Encoding": "gzip" });
    const first = await send();
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(await send()).toMatchObject({ status: 200, replayed: true, text: first.text });
  });

  it("leaves the key free when a line is invalid", async () => {
    expect((await post(recordsPath(), `${transactionLines(2)}\n{}`)).code).toBe("invalid_records");
    expect(await keys()).toEqual([]);
    expect(await post(recordsPath(), transactionLines(2))).toMatchObject({
      status: 200,
      replayed: false,
    });
  });

  it("holds the key while the body is sent, and releases it when the client disconnects", async () => {
    const sent = open({
      port: stage().port,
      method: "POST",
      path: recordsPath(),
      headers: {
        Authorization: `Bearer ${validToken({ tenant_id: bench().tenantId })}`,
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": key(),
      },
    });
    sent.on("error", () => undefined);
    sent.write(transactionLines(3));
    await waitFor(async () => (await keys()).length === 1);
    expect((await post(recordsPath(), transactionLines(3))).code).toBe("idempotency_key_in_use");
    sent.destroy();
    await waitFor(async () => (await keys()).length === 0);
    expect(await post(recordsPath(), transactionLines(3))).toMatchObject({
      status: 200,
      replayed: false,
    });
  });

  it("is applied once when it is sent several times at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post(recordsPath(), transactionLines(500))),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ replayed, status }) => status === 200 && !replayed)).toHaveLength(1);
    for (const { status, code } of answers)
      if (status !== 200) expect(code).toBe("idempotency_key_in_use");
    expect(await transactions()).toBe(500);
  });
});
