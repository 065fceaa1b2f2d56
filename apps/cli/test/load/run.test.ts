import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import type { LoadCommand } from "../../src/load/command.ts";
import { LoadError } from "../../src/load/load-error.ts";
import { runLoad } from "../../src/load/run.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let directory: string;
let server: Server;
let address: string;
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
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

/** Loads a file with this content and returns what was printed. */
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

const sendJson = (response: ServerResponse, status: number, body: object, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

const COUNTS = { received: 12_000, inserted: 11_000, updated: 600, unchanged: 400 };

const FAULTS = [
  { line: 2, field: "amount", detail: "must be written out" },
  { line: 3, field: "", detail: "the line is not valid\u001b[2J CSV" },
];

describe("runLoad", () => {
  it("sends a file unchanged and prints the counts", async () => {
    const bytes = Buffer.alloc(3_000_000, "some bytes, compressed or not\n");
    let received: {
      method?: string | undefined;
      url?: string | undefined;
      type?: string | undefined;
      encoding?: string | undefined;
      same?: boolean;
    } = {};
    handleRecords = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method, url, headers } = request;
      received = {
        method,
        url,
        type: headers["content-type"],
        encoding: headers["content-encoding"],
        same: Buffer.concat(chunks).equals(bytes),
      };
      sendJson(response, 200, COUNTS);
    };
    const path = join(directory, "bank.csv.gz");
    writeFileSync(path, bytes);
    const file = { path, bytes: bytes.length, contentType: "text/csv", gzip: true };
    const printed = await load("", { file });
    expect(received).toEqual({
      method: "POST",
      url: "/v1/contexts/c1/records/transactions",
      type: "text/csv",
      encoding: "gzip",
      same: true,
    });
    expect(printed).toMatch(/bank\.csv\.gz █+ 100 % {2}2\.9 MiB of 2\.9 MiB/);
    expect(printed).toMatch(
      /^transactions: received 12,000, inserted 11,000, updated 600, unchanged 400$/m,
    );
  });

  it("loads an empty file", async () => {
    handleRecords = (_, response) =>
      sendJson(response, 200, { received: 0, inserted: 0, updated: 0, unchanged: 0 });
    expect(await load("")).toMatch(/^transactions: received 0, /m);
  });

  it("prints faults line by line, even when they arrive before the whole file has been sent", async () => {
    handleRecords = (request, response) => {
      const text = JSON.stringify({
        detail: "Nothing was written.",
        code: "invalid_records",
        errors: FAULTS,
      });
      response.writeHead(422, { connection: "close", "content-length": Buffer.byteLength(text) });
      response.write(text);
      // Like the API, keeps reading after it has answered, because a connection reset would lose the answer.
      request.resume().once("close", () => response.end());
    };
    const error: unknown = await load(Buffer.alloc(40_000_000, "x\n")).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LoadError);
    expect((error as Error).message.split("\n")).toEqual([
      "Nothing was written. (422, invalid_records)",
      "  line 2, amount: must be written out",
      "  line 3: the line is not valid\\u001b[2J CSV",
    ]);
  });

  it("says when to try again after a refusal", async () => {
    handleRecords = (request, response) => {
      request.resume();
      sendJson(
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

  it("does not create a missing context", async () => {
    await expect(load("x", { context: "Bnak" })).rejects.toThrow(
      'There is no context named "Bnak" in this tenant.',
    );
  });

  it("says whether anything was written when the connection breaks", async () => {
    handleRecords = (request) => void request.once("data", () => request.socket.destroy());
    await expect(load(Buffer.alloc(40_000_000))).rejects.toThrow(
      /does not answer \(E\w+\)\. Nothing was written\./,
    );
    handleRecords = (request) => void request.resume().once("end", () => request.socket.destroy());
    await expect(load("x")).rejects.toThrow("so it may have been written");
  });

  it("does not load a file that shrinks while it is being sent", async () => {
    handleRecords = (request) => void request.resume();
    const path = join(directory, "short.csv");
    writeFileSync(path, "x");
    const file = { path, bytes: 2, contentType: "text/csv", gzip: false };
    await expect(load("", { file })).rejects.toThrow(
      "short.csv changed while it was being sent. Nothing was written.",
    );
  });
});
