import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { waitFor } from "@docket/platform/testing";
import { createApi, type Caller, type TestApi } from "../support/api.ts";
import { validToken } from "../support/tokens.ts";

let api: TestApi;
let server: Server;
let port: number;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createApi();
  server = createServer({ requestTimeout: 0 }, api.app).listen(0, "127.0.0.1");
  await once(server, "listening");
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await api.close();
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext();
  await caller.aSource(contextId, "Bank");
});

const NDJSON = "application/x-ndjson";
const CSV = "text/csv";

type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the API answers
  readonly body: any;
};

type Push = {
  readonly kind?: string;
  readonly type?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly context?: string;
  readonly token?: string;
};

/** Sends a body in chunks; resolves with the answer, also one that comes before the body has ended. */
async function push(
  chunks: Iterable<Buffer | string> | AsyncIterable<Buffer | string>,
  options: Push = {},
): Promise<Answer> {
  const { kind = "transactions", type = NDJSON, headers = {}, context = contextId } = options;
  const token = options.token ?? validToken({ tenant_id: caller.tenantId });
  const call = httpRequest({
    port,
    method: "POST",
    path: `/v1/contexts/${context}/records/${kind}`,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(type !== "" && { "Content-Type": type }),
      ...headers,
    },
  });
  const sent = pipeline(Readable.from(chunks, { objectMode: false }), call).catch(() => undefined);
  const [response] = (await once(call, "response")) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  call.destroy();
  await sent;
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: JSON.parse(Buffer.concat(parts).toString()),
  };
}

const line = (externalId: string, changes: object = {}): string =>
  `${JSON.stringify({ source: "Bank", externalId, amount: "1.50", currency: "EUR", date: "2026-01-15", ...changes })}\n`;

const count = async (): Promise<number> => {
  const { body } = await caller.get(`/v1/contexts/${contextId}`).expect(200);
  return body.counts.transactions as number;
};

const faultsOf = ({ body }: Answer): unknown[] =>
  body.errors.map((each: { line: number; field: string }) => [each.line, each.field]);

describe("records as NDJSON", () => {
  it("are inserted, and unchanged when they come again", async () => {
    expect(await push([line("A"), line("B")])).toMatchObject({
      status: 200,
      body: { received: 2, inserted: 2, updated: 0, unchanged: 0 },
    });
    expect((await push([line("A"), line("B")])).body).toEqual({
      received: 2,
      inserted: 0,
      updated: 0,
      unchanged: 2,
    });
    expect((await push([line("A"), line("B", { amount: "2" }), line("C")])).body).toEqual({
      received: 3,
      inserted: 1,
      updated: 1,
      unchanged: 1,
    });
  });

  it("reach every kind", async () => {
    await push([line("A"), line("B")]);
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
    expect(await push([group], { kind: "match-groups" })).toMatchObject(inserted);
    expect(await push([JSON.stringify(fee)], { kind: "fee-variances" })).toMatchObject(inserted);
    expect(
      await push([JSON.stringify({ ...item, severity: "LOW" })], { kind: "exceptions" }),
    ).toMatchObject(inserted);
    const { body } = await caller.get(`/v1/contexts/${contextId}`).expect(200);
    expect(body.counts).toEqual({
      transactions: 2,
      matched: 1,
      unmatched: 1,
      matchGroups: 1,
      exceptions: 1,
      openExceptions: 1,
    });
  });

  it("may be none", async () => {
    const none = { status: 200, body: { received: 0, inserted: 0, updated: 0, unchanged: 0 } };
    expect(await push([])).toMatchObject(none);
    expect(await push(["\n\r\n  \n"])).toMatchObject(none);
    expect(await push([], { type: CSV })).toMatchObject(none);
  });

  it("are told by their lines when they are at fault, and nothing is written", async () => {
    const answer = await push([
      line("A"),
      "\n",
      "{not json\n",
      Buffer.from([0x22, 0xff, 0x22, 0x0a]),
      line("B", { amount: 5 }),
      `{"source":"Bank","externalId":"C","amount":"1","currency":"EUR","date":"2026-01-01","description":"${"x".repeat(65_536)}"}\n`,
      '{"source":"Bank","externalId":"D","description":"\\u0000"}\n',
      '{"source":"Bank","externalId":"E\0"}\n',
      "[1]\n",
      '{"source":"Bank","externalId":"F","amo',
    ]);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_records" } });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(faultsOf(answer)).toEqual([
      [3, ""],
      [4, ""],
      [5, "amount"],
      [6, ""],
      [7, "description"],
      [8, ""],
      [9, ""],
      [10, ""],
    ]);
    expect(await count()).toBe(0);
  });

  it("answer after a hundred faults, while the caller is still sending", async () => {
    const endless = function* endless(): Generator<string> {
      for (let sent = 0; sent < 200_000; sent += 1) yield "nonsense\n".repeat(100);
    };
    const answer = await push(endless());
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toHaveLength(100);
  });
});

describe("records as CSV", () => {
  it("are the same as in NDJSON, with blank cells for what is left out", async () => {
    const csv =
      '\ufeffexternalId,source,amount,currency,date,description\r\nA,Bank,1.50,EUR,2026-01-15,"a ""b"",\nc"\r\nB,Bank,2,EUR,2026-01-15,\r\n';
    expect(await push([csv], { type: "text/csv; charset=utf-8; header=present" })).toMatchObject({
      status: 200,
      body: { received: 2, inserted: 2 },
    });
    expect(
      await push([line("A", { description: 'a "b",\nc' }), line("B", { amount: "2" })]),
    ).toMatchObject({ body: { unchanged: 2 } });
    expect(await push(["source,externalId,amount\nBank,A,\n"], { type: CSV })).toMatchObject({
      body: { unchanged: 1 },
    });
  });

  it("read the same however the bytes are cut", async () => {
    const csv = Buffer.from(
      'source,externalId,amount,currency,date,description\nBank,Ä,1,EUR,2026-01-15,"🦉\n"\n',
    );
    const answer = await push(
      Array.from(csv, (byte) => Buffer.from([byte])),
      { type: CSV },
    );
    expect(answer).toMatchObject({ status: 200, body: { inserted: 1 } });
    expect((await push([line("Ä", { amount: "1", description: "🦉\n" })])).body).toMatchObject({
      unchanged: 1,
    });
  });

  it("of match groups have a line an item and count as groups", async () => {
    await push([line("A"), line("B")]);
    const csv =
      "externalId,status,confidence,source,transaction,amount\nG,,99.5,Bank,A,\nG,,,Bank,B,1\n";
    expect(await push([csv], { type: CSV, kind: "match-groups" })).toMatchObject({
      body: { received: 1, inserted: 1 },
    });
  });

  it("are told by their lines, the header's included", async () => {
    const header = "source,externalId,amount,currency,date,description\n";
    const answer = await push(
      [
        header,
        "Bank,A,1e5,EUR,2026-01-15,\n",
        'Bank,B,1,EUR,2026-01-15,"x\ny\nz"\n',
        "Bank,C,1,EUR,2026-02-30,\n",
        "Bank,D,1,EUR\n",
        "Till,E,1,EUR,2026-01-15,\n",
      ],
      { type: CSV },
    );
    expect(faultsOf(answer)).toEqual([
      [2, "amount"],
      [6, "date"],
      [7, ""],
      [8, "source"],
    ]);
    expect(faultsOf(await push(["source,externalId,colour\nBank,A,red\n"], { type: CSV }))).toEqual(
      [[1, "colour"]],
    );
    expect(faultsOf(await push(["externalId\nA\n"], { type: CSV }))).toEqual([[1, "source"]]);
    expect(
      faultsOf(await push([header, 'Bank,A,1,EUR,2026-01-15,"open\n'], { type: CSV })),
    ).toEqual([[2, ""]]);
    expect(faultsOf(await push([header, 'Bank,A,1,EUR,2026-01-15,a"b\n'], { type: CSV }))).toEqual([
      [2, ""],
    ]);
    expect(
      faultsOf(
        await push([header, Buffer.from("Bank,A,1,EUR,2026-01-15,caf\xe9\n", "latin1")], {
          type: CSV,
        }),
      ),
    ).toEqual([[2, ""]]);
    expect(faultsOf(await push([header, "Bank,A,1,EUR,2026-01-15,\0\n"], { type: CSV }))).toEqual([
      [2, "description"],
    ]);
    const long = await push([header, `Bank,A,1,EUR,2026-01-15,${"x".repeat(70_000)}\n`], {
      type: CSV,
    });
    expect(faultsOf(long)).toEqual([[2, ""]]);
    expect(await count()).toBe(0);
  });
});

describe("a body in gzip", () => {
  const headers = { "Content-Encoding": "gzip" };

  it("is unpacked, in one member or several", async () => {
    const packed = Buffer.concat([gzipSync(line("A")), gzipSync(line("B"))]);
    expect(await push([packed], { headers })).toMatchObject({ status: 200, body: { inserted: 2 } });
    expect(
      await push([gzipSync("source,externalId\nBank,A\n")], { headers, type: CSV }),
    ).toMatchObject({ body: { unchanged: 1 } });
  });

  it("that is damaged or cut short is refused", async () => {
    const packed = gzipSync(line("A"));
    for (const bytes of [
      packed.subarray(0, -4),
      Buffer.from(line("A")),
      Buffer.concat([packed.subarray(0, -6), Buffer.alloc(6)]),
    ]) {
      expect(await push([bytes], { headers })).toMatchObject({
        status: 400,
        body: { code: "bad_request" },
      });
    }
    expect(await count()).toBe(0);
  });

  it("that unpacks to a multiple of its size is a bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, "\n"));
    expect(await push([bomb], { headers })).toMatchObject({
      status: 413,
      body: { code: "payload_too_large" },
    });
  });
});

describe("the request", () => {
  it("must name a context of the tenant", async () => {
    const stranger = validToken({ tenant_id: api.caller().tenantId });
    expect((await push([line("A")], { token: stranger })).status).toBe(404);
    expect(
      (await push([line("A")], { context: "5f0c0a3e-0000-7000-8000-000000000000" })).status,
    ).toBe(404);
    expect((await push([line("A")], { context: "five" })).status).toBe(422);
  });

  it("must name a kind, in a type that is offered, with the permission to write", async () => {
    expect(await push([line("A")], { kind: "payments" })).toMatchObject({ status: 400 });
    for (const type of ["application/json", "", "text/csv; charset=windows-1252"]) {
      expect(await push([line("A")], { type })).toMatchObject({
        status: 415,
        body: { code: "unsupported_media_type" },
      });
    }
    expect((await push([line("A")], { headers: { "Content-Encoding": "br" } })).status).toBe(415);
    const token = validToken({ tenant_id: caller.tenantId, permissions: ["context:read"] });
    expect((await push([line("A")], { token })).status).toBe(403);
  });

  it("that stops in the middle writes nothing", async () => {
    const socket = connect(port, "127.0.0.1");
    const head = `POST /v1/contexts/${contextId}/records/transactions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${validToken({ tenant_id: caller.tenantId })}\r\n`;
    socket.write(`${head}Content-Type: ${NDJSON}\r\nContent-Length: 100000\r\n\r\n${line("A")}`);
    const running = "SELECT FROM pg_stat_activity WHERE query LIKE 'COPY ingest_rows%'";
    await waitFor(async () => (await api.context.database.pool.query(running)).rowCount === 1);
    socket.destroy();
    await waitFor(async () => {
      const { rowCount } = await api.context.database.pool.query(`${running} AND state <> 'idle'`);
      return rowCount === 0;
    });
    expect(await count()).toBe(0);
  });

  it("is one of four at once: a fifth is asked to come again", async () => {
    const goOn: (() => void)[] = [];
    const slowly = async function* slowly(id: string): AsyncGenerator<string> {
      yield line(id);
      await new Promise<void>((resolve) => goOn.push(resolve));
    };
    const four = ["A", "B", "C", "D"].map((id) => push(slowly(id)));
    const running =
      "SELECT FROM pg_stat_activity WHERE query LIKE 'COPY ingest_rows%' AND state = 'active'";
    await waitFor(async () => (await api.context.database.pool.query(running)).rowCount === 4);
    expect(await push([line("E")])).toMatchObject({
      status: 503,
      headers: { "retry-after": "5" },
      body: { code: "too_many_ingests" },
    });
    for (const end of goOn) end();
    expect((await Promise.all(four)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await push([line("E")])).status).toBe(200);
  });

  it("may be long: memory does not grow with it", async () => {
    const lines = function* lines(most: number): Generator<string> {
      for (let from = 0; from < most; from += 500) {
        yield Array.from({ length: 500 }, (_, index) =>
          line(`T${from + index}`, { description: "x".repeat(100) }),
        ).join("");
      }
    };
    const used = async (most: number): Promise<number> => {
      let peak = 0;
      const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
      expect(await push(lines(most))).toMatchObject({ status: 200, body: { received: most } });
      clearInterval(timer);
      return peak;
    };
    const small = await used(30_000);
    const large = await used(300_000);
    expect(large - small).toBeLessThan(80 * 1024 * 1024);
  });
});
