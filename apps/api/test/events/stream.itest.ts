import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { withTenant } from "@docket/platform/database";
import { claimExportJob, recordEvent, renewExportJob } from "@docket/platform/rows";
import { waitFor } from "@docket/testing";
import type pg from "pg";
import { createEventStreams } from "../../src/events/stream/streams.ts";
import { numberAll } from "../support/events.ts";
import { inSeconds, validToken, type Claims } from "../support/tokens.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Stream = {
  readonly status: number;
  readonly headers: Headers;
  /** What has arrived. */
  readonly text: () => string;
  /** The numbers of the events that have arrived. */
  readonly ids: () => readonly number[];
  readonly hasEnded: () => boolean;
  readonly close: () => void;
};

const open: Stream[] = [];
afterEach(() => {
  for (const stream of open.splice(0)) stream.close();
});

const tokenOf = (claims: Claims = {}): string =>
  validToken({ tenant_id: suite.tenant.tenantId, ...claims });

async function openStream(
  query = "",
  headers: Record<string, string> = {},
  claims: Claims = {},
): Promise<Stream> {
  const abort = new AbortController();
  const authorization = `Bearer ${tokenOf(claims)}`;
  const response = await fetch(`http://127.0.0.1:${suite.stage.port}/v1/events/stream${query}`, {
    headers: { authorization, ...headers },
    signal: abort.signal,
  });
  let text = "";
  let ended = false;
  const reading = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  void reading()
    .catch(() => undefined)
    .finally(() => (ended = true));
  const stream = {
    status: response.status,
    headers: response.headers,
    text: () => text,
    ids: () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)),
    hasEnded: () => ended,
    close: () => abort.abort(),
  };
  open.push(stream);
  return stream;
}

const write = async (type: "dispute.created" | "context.created", data: object = {}) => {
  await withTenant(suite.tenant.tenantId, () =>
    recordEvent(
      suite.stage.context.database.prisma,
      { actor: "a" },
      { type, subject: randomUUID(), data },
    ),
  );
  await numberAll(suite.tenant);
};

const hasSeen = (stream: Stream, ...ids: readonly number[]) =>
  waitFor(() => JSON.stringify(stream.ids()) === JSON.stringify(ids));

it("sends what is new as the feed shows it, and continues after Last-Event-ID", async () => {
  await write("dispute.created");
  const fresh = await openStream();
  expect(Object.fromEntries(fresh.headers)).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  await write("context.created", { n: 2 });
  await hasSeen(fresh, 2);
  const { body } = await suite.tenant.send("get", "/v1/events?after=1").expect(200);
  const [, json] = /^id: 2\nevent: context\.created\ndata: (.*)\n\n/m.exec(fresh.text())!;
  expect(JSON.parse(json!)).toEqual(body.items[0]);

  const all = await openStream("?after=0");
  const resumed = await openStream("?after=0", { "Last-Event-ID": "1" });
  const filtered = await openStream("?after=0&type=dispute.*");
  await write("dispute.created");
  await hasSeen(all, 1, 2, 3);
  await hasSeen(resumed, 2, 3);
  await hasSeen(filtered, 1, 3);
  await hasSeen(fresh, 2, 3);
});

it("begins with what is new after a number beyond the newest event, and other streams go on", async () => {
  await write("dispute.created");
  const beyond = await openStream("", { "Last-Event-ID": "999999999999999" });
  const other = await openStream();
  await write("dispute.created");
  await hasSeen(other, 2);
  await hasSeen(beyond, 2);
  const later = await openStream("?after=1");
  await write("dispute.created");
  await hasSeen(later, 2, 3);
  await hasSeen(beyond, 2, 3);
});

it("hides the data of families that the token may not read", async () => {
  const stream = await openStream("", {}, { permissions: ["event:read"] });
  await write("dispute.created", { secret: "s" });
  await hasSeen(stream, 1);
  expect(stream.text()).toContain('"data":null');
  expect(stream.text()).not.toContain("secret");
});

it("sends the progress of running exports, without a number", async () => {
  const { prisma } = suite.stage.context.database;
  const stream = await openStream("?type=export-job.progress");
  const id = await suite.tenant.anExport();
  await withTenant(suite.tenant.tenantId, async () => {
    const claim = await claimExportJob(prisma, id);
    await renewExportJob(prisma, claim!, {
      recordsWritten: 25,
      recordsExpected: 100,
      bytesWritten: 7,
      asOf: undefined,
    });
  });
  const progress = { id, recordsWritten: 25, recordsExpected: 100, bytesWritten: 7, percent: 25 };
  const message = `event: export-job.progress\ndata: ${JSON.stringify(progress)}\n\n`;
  await waitFor(() => stream.text().includes(message));
  expect(stream.ids()).toEqual([]);
});

it("ends when the token expires", async () => {
  // Long enough that a busy machine answers before.
  const stream = await openStream("", {}, { exp: inSeconds(5) });
  expect(stream.status).toBe(200);
  await waitFor(stream.hasEnded, { timeoutMs: 30_000 });
});

it("refuses the 21st stream of a principal until one is closed", async () => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStream()));
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  const refused = await openStream();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
  expect((await openStream("", {}, { sub: "bob" })).status).toBe(200);
  streams[0]!.close();
  await waitFor(async () => (await openStream()).status === 200);
});

it("reads an event once for all streams of a tenant, and asks for news no more often than for one", async () => {
  const count = 100;
  const claims = Array.from({ length: count }, (_, n) => ({ sub: `reader ${n % 5}` }));
  const streams = await Promise.all(claims.map((each) => openStream("", {}, each)));
  const haveSeen = (...ids: readonly number[]) =>
    Promise.all(streams.map((stream) => hasSeen(stream, ...ids)));
  await write("context.created");
  await haveSeen(1);
  const queries = jest.spyOn(suite.stage.context.database.pool, "query");
  const start = performance.now();
  try {
    await write("context.created");
    await haveSeen(1, 2);
    const seconds = (performance.now() - start) / 1_000;
    const names = queries.mock.calls.map(([query]) => (query as { name?: string }).name);
    expect(names.filter((name) => name === "events")).toHaveLength(1);
    expect(names).toContain("event-heads-of");
    expect(names).not.toContain("event-head");
    // About six a second, where each stream alone would ask four times a second.
    expect(names.length).toBeLessThan(count / 2 + 10 * seconds);
  } finally {
    queries.mockRestore();
  }
});

it("refuses the 601st stream of a process", async () => {
  // A database that does not answer: streams count from the moment that they are requested.
  const pool = { query: () => new Promise(() => undefined) } as unknown as pg.Pool;
  const { logger } = suite.stage.context;
  const streams = createEventStreams({ database: { pool }, logger });
  const openOne = () =>
    streams.open(
      { tenantId: randomUUID(), subject: "a", permissions: new Set(), expiresAt: inSeconds(600) },
      {},
    );
  for (let n = 0; n < 600; n++) void openOne();
  expect(streams.count()).toBe(600);
  await expect(openOne()).rejects.toMatchObject({
    code: "dependency_unavailable",
    retryAfterSeconds: 5,
  });
});

it.each([
  ["?type=nothing.*", {}, 400],
  ["?after=x", {}, 422],
  ["", { "Last-Event-ID": "x" }, 400],
])("refuses %s %j with %i", async (query, headers, status) => {
  expect((await openStream(query, headers)).status).toBe(status);
});

it("sends a comment every 15 s", async () => {
  await waitFor(() => suite.stage.context.streams.count() === 0);
  // Only the timers of the relay.
  const real = ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "Date", "hrtime"];
  const doNotFake = [...real, "nextTick", "performance", "queueMicrotask"] as never[];
  jest.useFakeTimers({ doNotFake });
  const started = jest.spyOn(globalThis, "setInterval");
  try {
    const stream = await openStream();
    await waitFor(() => stream.text().includes("retry: "));
    // The relay starts its timers when the reader has caught up.
    await waitFor(() => started.mock.calls.some(([, everyMs]) => everyMs === 15_000));
    expect(stream.text()).not.toContain(":\n\n");
    jest.advanceTimersByTime(15_000);
    await waitFor(() => stream.text().endsWith("\n\n:\n\n"));
    jest.advanceTimersByTime(15_000);
    await waitFor(() => stream.text().endsWith("\n\n:\n\n:\n\n"));
  } finally {
    started.mockRestore();
    jest.useRealTimers();
  }
});

it("cuts off a client that does not read, while others read on; it resumes without loss", async () => {
  const { pool } = suite.stage.context.database;
  const { tenantId } = suite.tenant;
  const { streams } = suite.stage.context;
  const before = streams.count();
  const socket = await new Promise<Socket>((resolve) => {
    const opened = connect(suite.stage.port, "127.0.0.1", () => resolve(opened));
  });
  socket.on("error", () => undefined).pause();
  socket.write(
    `GET /v1/events/stream?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokenOf()}\r\n\r\n`,
  );
  await waitFor(() => streams.count() === before + 1);
  let head = 0;
  // More than the buffers of the sockets hold.
  for (let n = 0; n < 10 && streams.count() > before; n++) {
    await withTenant(tenantId, () =>
      pool.query(
        `INSERT INTO audit_events (tenant_id, actor, action, subject, data)
         SELECT $1, 'a', 'dispute.created', 's', jsonb_build_object('text', repeat('x', 19000)) FROM generate_series(1, 100)`,
        [tenantId],
      ),
    );
    await numberAll(suite.tenant);
    head += 100;
    const reading = await openStream(`?after=${head - 1}`, {}, { sub: `reader ${n}` });
    await waitFor(() => reading.ids().includes(head));
    reading.close();
  }
  await waitFor(() => streams.count() <= before);
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  socket.resume();
  await waitFor(() => socket.closed);
  // Whole messages only.
  const ids = [...text.matchAll(/^id: (\d+)\nevent: .*\ndata: .*\n\n/gm)].map(([, id]) =>
    Number(id),
  );
  const resumed = await openStream("", { "Last-Event-ID": String(ids.at(-1) ?? 0) });
  await waitFor(() => resumed.ids().at(-1) === head);
  expect([...ids, ...resumed.ids()]).toEqual(Array.from({ length: head }, (_, n) => n + 1));
});

it("ends every stream when the process stops, and refuses new ones", async () => {
  const stream = await openStream();
  suite.stage.context.streams.close();
  await waitFor(stream.hasEnded);
  expect((await openStream()).status).toBe(503);
});
