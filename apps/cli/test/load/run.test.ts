import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import type { LoadCommand } from "../../src/load/command.ts";
import { LoadError, runLoad } from "../../src/load/run.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let directory: string;
let server: Server;
let address: string;
/** What the API does with the records of one test. */
let records: Handler;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "docket-load-"));
  server = createServer((request, response) => {
    if (request.url?.startsWith("/v1/contexts?")) {
      response.end(JSON.stringify({ items: [{ id: "c1", name: "Bank against ledger" }] }));
    } else void records(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

/** Loads a file of `content`; answers with what was printed. */
async function load(content: string | Buffer, changes: Partial<LoadCommand> = {}): Promise<string> {
  const path = join(directory, "bank.csv");
  writeFileSync(path, content);
  const output = new PassThrough();
  const file = { path, bytes: Buffer.byteLength(content), contentType: "text/csv", gzip: false };
  const command = {
    address,
    token: "t",
    context: "Bank against ledger",
    kind: "transactions",
    file,
  } as const;
  await runLoad({ ...command, ...changes }, output);
  return String(output.read());
}

const answer = (response: ServerResponse, status: number, body: object, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

const COUNTS = { received: 12_000, inserted: 11_000, updated: 600, unchanged: 400 };

test("a file is sent as it is, and its counts are printed", async () => {
  const bytes = Buffer.alloc(3_000_000, "some bytes, packed or not\n");
  let got: {
    method?: string | undefined;
    url?: string | undefined;
    type?: string | undefined;
    encoding?: string | undefined;
    same?: boolean;
  } = {};
  records = async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method, url, headers } = request;
    got = {
      method,
      url,
      type: headers["content-type"],
      encoding: headers["content-encoding"],
      same: Buffer.concat(parts).equals(bytes),
    };
    answer(response, 200, COUNTS);
  };
  const path = join(directory, "bank.csv.gz");
  writeFileSync(path, bytes);
  const file = { path, bytes: bytes.length, contentType: "text/csv", gzip: true };
  const said = await load("", { file });
  expect(got).toEqual({
    method: "POST",
    url: "/v1/contexts/c1/records/transactions",
    type: "text/csv",
    encoding: "gzip",
    same: true,
  });
  expect(said).toMatch(/bank\.csv\.gz █+ 100 % {2}2\.9 MiB of 2\.9 MiB/);
  expect(said).toMatch(
    /^transactions: received 12,000, inserted 11,000, updated 600, unchanged 400$/m,
  );
});

test("an empty file is loaded too", async () => {
  records = (_, response) =>
    answer(response, 200, { received: 0, inserted: 0, updated: 0, unchanged: 0 });
  expect(await load("")).toMatch(/^transactions: received 0, /m);
});

const FAULTS = [
  { line: 2, field: "amount", detail: "must be written out" },
  { line: 3, field: "", detail: "the line is not valid\u001b[2J CSV" },
];

test("faults are told line by line, also when they come before the whole file was sent", async () => {
  records = (request, response) => {
    const text = JSON.stringify({
      detail: "Nothing was written.",
      code: "invalid_records",
      errors: FAULTS,
    });
    response.writeHead(422, { connection: "close", "content-length": Buffer.byteLength(text) });
    response.write(text);
    // The API, too, reads on behind its answer, lest that be lost with the connection.
    request.resume().once("close", () => response.end());
  };
  const failed: unknown = await load(Buffer.alloc(40_000_000, "x\n")).catch(
    (error: unknown) => error,
  );
  expect(failed).toBeInstanceOf(LoadError);
  expect((failed as Error).message.split("\n")).toEqual([
    "Nothing was written. (422, invalid_records)",
    "  line 2, amount: must be written out",
    "  line 3: the line is not valid\\u001b[2J CSV",
  ]);
});

test("a refusal says when to try again", async () => {
  records = (request, response) => {
    request.resume();
    answer(
      response,
      503,
      { detail: "At most 4 loads run at once.", code: "too_many_ingests" },
      { "retry-after": "5" },
    );
  };
  await expect(load("x")).rejects.toThrow(
    "At most 4 loads run at once. Try again in 5 s. (503, too_many_ingests)",
  );
});

test("a context that is not there is not made", async () => {
  await expect(load("x", { context: "Bnak" })).rejects.toThrow(
    'There is no context named "Bnak" in this tenant.',
  );
});

test("a connection that breaks leaves no doubt about what was written", async () => {
  records = (request) => void request.once("data", () => request.socket.destroy());
  await expect(load(Buffer.alloc(40_000_000))).rejects.toThrow(
    /does not answer \(E\w+\)\. Nothing was written\./,
  );
  records = (request) => void request.resume().once("end", () => request.socket.destroy());
  await expect(load("x")).rejects.toThrow("whether it was written is not known");
});

test("a file that shrinks on the way is not loaded", async () => {
  records = (request) => void request.resume();
  const path = join(directory, "short.csv");
  writeFileSync(path, "x");
  const file = { path, bytes: 2, contentType: "text/csv", gzip: false };
  await expect(load("", { file })).rejects.toThrow(
    "short.csv changed while it was being sent. Nothing was written.",
  );
});
