import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { waitFor } from "@docket/testing";
import { countIngests, CSV, line, NDJSON } from "../support/records.ts";
import { validToken } from "../support/tokens.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage({ poolSize: 8 });

const MIB = 1_048_576;

/** The peak of the memory that `work` adds, in bytes. */
async function memoryOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  await work();
  clearInterval(timer);
  return peak - before;
}

describe("a gzip body", () => {
  const headers = { "Content-Encoding": "gzip" };
  const two = [gzipSync(line("A")), gzipSync(line("B"))] as const;

  it("may have one member or several", async () => {
    expect(await suite.tenant.push([Buffer.concat(two)], { headers })).toMatchObject({
      status: 200,
      body: { inserted: 2 },
    });
    expect(await suite.tenant.push(two, { headers })).toMatchObject({ body: { unchanged: 2 } });
    expect(
      await suite.tenant.push([gzipSync("source,externalId\nBank,A\n")], { headers, type: CSV }),
    ).toMatchObject({ body: { unchanged: 1 } });
  });

  it.each([
    ["cut short", [two[0].subarray(0, -4)]],
    ["cut short in its second member", [two[0], two[1].subarray(0, 12)]],
    ["cut short after its first byte", [two[0].subarray(0, 1)]],
    ["not compressed", [line("A")]],
    ["followed by other bytes", [Buffer.concat([two[0], Buffer.from(line("B"))])]],
    ["damaged", [Buffer.concat([two[0].subarray(0, -6), Buffer.alloc(6)])]],
    ["empty", []],
  ])("that is %s is refused, and nothing is written", async (_, chunks) => {
    expect(await suite.tenant.push(chunks, { headers })).toMatchObject({
      status: 400,
      body: { code: "bad_request", detail: expect.stringContaining("Nothing was written.") },
    });
    expect(await suite.tenant.countTransactions()).toBe(0);
  });

  it.each([
    ["blank lines", NDJSON, "\n", 413],
    ["one line", NDJSON, "x", 413],
    ["blank lines", CSV, "\n", 413],
    ["cells", CSV, ",", 422],
    ["one open quote", CSV, '"', 422],
  ])(
    "that expands to nothing but %s of %s is not expanded to its end",
    async (_, type, of, status) => {
      const bomb = gzipSync(Buffer.alloc(128 * MIB, of), { level: 1 });
      const used = await memoryOf(async () => {
        expect(await suite.tenant.push([bomb], { headers, type })).toMatchObject({ status });
      });
      expect(used).toBeLessThan(100 * MIB);
    },
  );
});

describe("a body", () => {
  const head = (extra: string): string =>
    [
      `POST /v1/contexts/${suite.tenant.contextId}/records/transactions HTTP/1.1`,
      "Host: x",
      `Authorization: Bearer ${validToken({ tenant_id: suite.tenant.caller.tenantId })}`,
      `Content-Type: ${NDJSON}`,
      `${extra}\r\n\r\n`,
    ].join("\r\n");

  it.each([
    ["with a Content-Length", () => `${head("Content-Length: 100000")}${line("A")}`],
    [
      "in chunks, after a whole line",
      () =>
        `${head("Transfer-Encoding: chunked")}${line("A").length.toString(16)}\r\n${line("A")}\r\n`,
    ],
  ])("%s that ends early writes nothing", async (_, sent) => {
    for (const stop of ["destroy", "end"] as const) {
      const socket = connect(suite.stage.port, "127.0.0.1");
      socket.write(sent());
      await waitFor(async () => (await countIngests(suite.stage)) === 1);
      socket[stop]();
      await waitFor(async () => (await countIngests(suite.stage)) === 0);
      socket.destroy();
    }
    expect(await suite.tenant.countTransactions()).toBe(0);
  });

  it("may be long without taking more memory", async () => {
    const lines = function* lines(most: number): Generator<string> {
      const description = "x".repeat(1_000);
      for (let from = 0; from < most; from += 500)
        yield Array.from({ length: 500 }, (_, at) => line(`T${from + at}`, { description })).join(
          "",
        );
    };
    const push = (most: number): Promise<number> =>
      memoryOf(async () => {
        expect(await suite.tenant.push(lines(most))).toMatchObject({ body: { received: most } });
      });
    // The first ingest allocates what every ingest needs.
    await push(30_000);
    expect(await push(150_000)).toBeLessThan(100 * MIB);
  });

  it("with faults only is read no further than the hundredth", async () => {
    let sent = 0;
    const endless = function* endless(): Generator<string> {
      for (; sent < 200_000; sent += 1) yield "nonsense\n".repeat(100);
    };
    const used = await memoryOf(async () => {
      const { status, body } = await suite.tenant.push(endless());
      expect(status).toBe(422);
      expect(body.errors).toHaveLength(100);
      expect(body.detail).toMatch(/The first 100 faults are listed\.$/);
    });
    expect(sent).toBeLessThan(200_000);
    expect(used).toBeLessThan(100 * MIB);
  });
});
