import { CSV, line } from "../support/records.ts";
import { validToken } from "../support/tokens.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("records as NDJSON", () => {
  it("are inserted, and unchanged when they are sent again", async () => {
    expect(await suite.tenant.push([line("A"), line("B")])).toMatchObject({
      status: 200,
      body: { received: 2, inserted: 2, updated: 0, unchanged: 0 },
    });
    expect((await suite.tenant.push([line("A"), line("B")])).body).toEqual({
      received: 2,
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    expect(
      (await suite.tenant.push([line("A"), line("B", { amount: "2" }), line("C")])).body,
    ).toEqual({
      received: 3,
      inserted: 1,
      updated: 1,
      unchanged: 1,
    });
  });

  it("may be of every kind", async () => {
    await suite.tenant.push([line("A"), line("B")]);
    const item = { source: "Bank", transaction: "A" };
    const group = JSON.stringify({ externalId: "G", items: [item] });
    const fee = {
      externalId: "F",
      ...item,
      feeScheduleId: "s",
      feeScheduleName: "S",
      currency: "EUR",
      expected: "1",
      actual: "2",
    };
    const inserted = { status: 200, body: { received: 1, inserted: 1, updated: 0, unchanged: 0 } };
    expect(await suite.tenant.push([group], { kind: "match-groups" })).toMatchObject(inserted);
    expect(await suite.tenant.push([JSON.stringify(fee)], { kind: "fee-variances" })).toMatchObject(
      inserted,
    );
    expect(
      await suite.tenant.push([JSON.stringify({ ...item, severity: "LOW" })], {
        kind: "exceptions",
      }),
    ).toMatchObject(inserted);
    const { body } = await suite.tenant.caller
      .get(`/v1/contexts/${suite.tenant.contextId}`)
      .expect(200);
    expect(body.counts).toEqual({
      transactions: 2,
      matched: 1,
      unmatched: 1,
      matchGroups: 1,
      exceptions: 1,
      openExceptions: 1,
    });
  });

  it("may be none at all", async () => {
    const none = { status: 200, body: { received: 0, inserted: 0, updated: 0, unchanged: 0 } };
    expect(await suite.tenant.push([])).toMatchObject(none);
    expect(await suite.tenant.push(["\n\r\n  \n"])).toMatchObject(none);
    expect(await suite.tenant.push([], { type: CSV })).toMatchObject(none);
  });
});

describe("records as CSV", () => {
  it("are the same as in NDJSON, where a blank cell is a field left out", async () => {
    const csv =
      '\ufeffexternalId,source,amount,currency,date,description\r\nA,Bank,1.50,EUR,2026-01-15,"a ""b"",\nc"\r\nB,Bank,2,EUR,2026-01-15,\r\n';
    expect(
      await suite.tenant.push([csv], { type: "text/csv; charset=utf-8; header=present" }),
    ).toMatchObject({
      status: 200,
      body: { received: 2, inserted: 2 },
    });
    expect(
      await suite.tenant.push([
        line("A", { description: 'a "b",\nc' }),
        line("B", { amount: "2" }),
      ]),
    ).toMatchObject({ body: { unchanged: 2 } });
    expect(
      await suite.tenant.push(["source,externalId,amount\nBank,A,\n"], { type: CSV }),
    ).toMatchObject({
      body: { unchanged: 1 },
    });
  });

  it("are read correctly from chunks of one byte", async () => {
    const csv = Buffer.from(
      'source,externalId,amount,currency,date,description\nBank,Ä,1,EUR,2026-01-15,"🦉\n"\n',
    );
    const answer = await suite.tenant.push(
      Array.from(csv, (byte) => Buffer.from([byte])),
      { type: CSV },
    );
    expect(answer).toMatchObject({ status: 200, body: { inserted: 1 } });
    expect(
      (await suite.tenant.push([line("Ä", { amount: "1", description: "🦉\n" })])).body,
    ).toMatchObject({
      unchanged: 1,
    });
  });

  it("of match groups have one line per item and count as groups", async () => {
    await suite.tenant.push([line("A"), line("B")]);
    const csv =
      "externalId,status,confidence,source,transaction,amount\nG,,99.5,Bank,A,\nG,,,Bank,B,1\n";
    expect(await suite.tenant.push([csv], { type: CSV, kind: "match-groups" })).toMatchObject({
      body: { received: 1, inserted: 1 },
    });
  });
});

describe("the request", () => {
  it("must name a context of the caller's tenant", async () => {
    const otherTenant = validToken({ tenant_id: suite.stage.caller().tenantId });
    expect((await suite.tenant.push([line("A")], { token: otherTenant })).status).toBe(404);
    expect(
      (await suite.tenant.push([line("A")], { context: "5f0c0a3e-0000-7000-8000-000000000000" }))
        .status,
    ).toBe(404);
    expect((await suite.tenant.push([line("A")], { context: "five" })).status).toBe(422);
  });

  it("must name a known kind, a supported media type, and a token with record:write", async () => {
    expect(await suite.tenant.push([line("A")], { kind: "payments" })).toMatchObject({
      status: 400,
    });
    for (const type of ["application/json", "", "text/csv; charset=windows-1252"]) {
      expect(await suite.tenant.push([line("A")], { type })).toMatchObject({
        status: 415,
        body: { code: "unsupported_media_type" },
      });
    }
    expect(
      (await suite.tenant.push([line("A")], { headers: { "Content-Encoding": "br" } })).status,
    ).toBe(415);
    const token = validToken({
      tenant_id: suite.tenant.caller.tenantId,
      permissions: ["context:read"],
    });
    expect((await suite.tenant.push([line("A")], { token })).status).toBe(403);
  });
});
