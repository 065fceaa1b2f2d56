import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { withTenant } from "@docket/platform/database";
import { limitIdleness } from "../../src/http/idle-limit.ts";
import { uploadEvidence } from "../../src/evidence/upload.ts";
import { aFile, balance, balanced, rawUpload } from "../support/evidence.ts";
import { evidenceSuite } from "../support/suites.ts";

const suite = evidenceSuite();
let server: Server;
let work: (raw: IncomingMessage) => Promise<unknown>;
let outcome: Promise<string>;

beforeAll(async () => {
  server = createServer((raw, response) => {
    outcome = work(raw).then(
      () => "stored",
      (error: Error) => error.message,
    );
    void outcome.then((text) => response.end(JSON.stringify(text)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends part of a file, and then ten bytes every 20 ms. */
const drip = async (headers: Readonly<Record<string, string>>): Promise<string> => {
  const { port } = server.address() as AddressInfo;
  const { sent, answer } = rawUpload({ port }, suite.bench, "x", headers);
  sent.write(aFile("text/csv", 4_000));
  const drops = setInterval(() => sent.write("a;b;c;d;e\n"), 20);
  await answer;
  clearInterval(drops);
  sent.destroy();
  return outcome;
};

const uploading = (disputeId: string, raw: IncomingMessage, uploadMs: number): Promise<unknown> => {
  const { database, logger } = suite.stage.api.context;
  const { "content-length": length } = raw.headers;
  return withTenant(suite.bench.tenantId, () =>
    uploadEvidence(
      { database, storage: suite.stage.storage, logger },
      {
        disputeId,
        source: raw,
        type: "text/csv",
        query: { comment: "c" },
        contentLength: length === undefined ? undefined : Number(length),
        sha256: undefined,
        ifMatch: undefined,
        uploadMs,
      },
      { actor: "alice", requestId: "r" },
    ),
  );
};

describe("a client that sends only a few bytes from time to time", () => {
  it.each([
    ["with a length", { "Content-Length": "100000" }],
    ["in chunks", { "Transfer-Encoding": "chunked" }],
  ])("is disconnected and leaves no object (%s)", async (_name, headers) => {
    const id = await suite.bench.aDispute();
    work = (raw) => {
      limitIdleness(raw, 200);
      return uploading(id, raw, 60_000);
    };
    expect(await drip(headers)).toMatch(/stopped coming|broke off/);
    expect(await balance(suite.stage.storage, suite.bench)).toEqual(balanced(0));
    expect((await suite.bench.get(id)).body.version).toBe(1);
  });

  it.each([
    ["with a length", { "Content-Length": "100000" }],
    ["in chunks", { "Transfer-Encoding": "chunked" }],
  ])("is stopped at the upload deadline (%s)", async (_name, headers) => {
    const id = await suite.bench.aDispute();
    work = (raw) => uploading(id, raw, 300);
    expect(await drip(headers)).toBe("The file took too long to arrive.");
    expect(await balance(suite.stage.storage, suite.bench)).toEqual(balanced(0));
  });
});
