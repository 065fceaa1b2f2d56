import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { docket, type Ended } from "./support/run.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let directory: string;
let server: Server;
/** Handles the records request of the current test. */
let handleRecords: Handler;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "docket-load-"));
  server = createServer((request, response) => {
    if (request.url?.startsWith("/v1/contexts?")) {
      response.end(JSON.stringify({ items: [{ id: "c1", name: "Bank against ledger" }] }));
    } else void handleRecords(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

/** Loads a file with this content. */
function load(name: string, content: string | Buffer, context?: string): Promise<Ended> {
  writeFileSync(join(directory, name), content);
  const DOCKET_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ["load", "--context", context ?? "Bank against ledger", "--kind", "transactions"];
  // A name is resolved from the directory in which npm was called.
  return docket([...args, name], { DOCKET_URL, DOCKET_TOKEN: "t", INIT_CWD: directory });
}

const COUNTS = { received: 12_000, inserted: 11_000, updated: 600, unchanged: 400 };

describe("docket load", () => {
  it("sends a compressed file unchanged and prints the counts", async () => {
    const bytes = Buffer.alloc(3_000_000, "some bytes, compressed or not\n");
    let received: unknown;
    handleRecords = async (request, response) => {
      const { method, url, headers } = request;
      const { "content-type": type, "content-encoding": encoding } = headers;
      received = { method, url, type, encoding, same: (await buffer(request)).equals(bytes) };
      response.end(JSON.stringify(COUNTS));
    };
    const { code, out, err } = await load("bank.csv.gz", bytes);
    expect(received).toEqual({
      method: "POST",
      url: "/v1/contexts/c1/records/transactions",
      type: "text/csv",
      encoding: "gzip",
      same: true,
    });
    expect(err).toMatch(/bank\.csv\.gz █+ 100 % {2}2\.9 MiB of 2\.9 MiB/);
    expect(out).toBe(
      "transactions: received 12,000, inserted 11,000, updated 600, unchanged 400\n",
    );
    expect(code).toBe(0);
  });

  it("prints faults line by line, without control characters", async () => {
    handleRecords = async (request, response) => {
      const errors = [
        { line: 2, field: "amount", detail: "must be written out" },
        { line: 3, field: "", detail: "the line is not valid\u001b[2J CSV" },
      ];
      await buffer(request);
      response.statusCode = 422;
      response.end(
        JSON.stringify({ detail: "Nothing was written.", code: "invalid_records", errors }),
      );
    };
    const { code, err } = await load("bank.jsonl", "x\n");
    expect(code).toBe(1);
    expect(err.trimEnd().split("\n").slice(-3)).toEqual([
      "Nothing was written. (422, invalid_records)",
      "  line 2, amount: must be written out",
      "  line 3: the line is not valid\\u001b[2J CSV",
    ]);
  });

  it("does not create a missing context", async () => {
    const { code, err } = await load("bank.csv", "x", "Bnak");
    expect(code).toBe(2);
    expect(err).toContain('There is no context named "Bnak" in this tenant.');
  });

  it("does not load a file that grows while it is being sent", async () => {
    handleRecords = (request) => {
      appendFileSync(join(directory, "growing.csv"), "more\n");
      request.resume().on("error", () => undefined);
    };
    const { code, err } = await load("growing.csv", Buffer.alloc(20_000_000, "x\n"));
    expect(code).toBe(1);
    expect(err).toContain("growing.csv changed while it was being sent. Nothing was written.");
  });
});
