import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { withTenant } from "@docket/platform/database";
import { requireMinimumRate } from "../../src/http/body/minimum-rate.ts";
import { openBody } from "../../src/http/body/stream.ts";
import { uploadEvidence } from "../../src/evidence/upload.ts";
import { aFile, balance, balanced, rawUpload, upload } from "../support/evidence.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();
let server: Server;
let work: (request: IncomingMessage, body: Readable) => Promise<unknown>;
let outcome: Promise<string>;

beforeAll(async () => {
  server = createServer((request, response) => {
    outcome = work(request, openBody(request)).then(
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
  const { sent, answer } = rawUpload(
    { tenantId: suite.tenant.tenantId, stage: { port } },
    "x",
    headers,
  );
  sent.write(aFile("text/csv", 4_000));
  const drops = setInterval(() => sent.write("a;b;c;d;e\n"), 20);
  await answer;
  clearInterval(drops);
  sent.destroy();
  return outcome;
};

const uploading = (
  disputeId: string,
  request: IncomingMessage,
  source: Readable,
  deadlineMs: number,
): Promise<unknown> => {
  const { database, logger, semaphores, turns } = suite.stage.context;
  const { "content-length": length } = request.headers;
  return withTenant(suite.tenant.tenantId, () =>
    uploadEvidence(
      { database, storage: suite.stage.storage, logger, semaphores, turns },
      {
        disputeId,
        body: source,
        type: "text/csv",
        query: { comment: "c", kind: "OTHER" },
        contentLength: length === undefined ? undefined : Number(length),
        sha256: undefined,
        ifMatch: undefined,
        signal: new AbortController().signal,
        deadlineMs,
      },
      { actor: "alice", requestId: "r" },
      async () => undefined,
    ),
  );
};

describe("a client that sends only a few bytes from time to time", () => {
  it.each([
    ["with a length", { "Content-Length": "100000" }],
    ["in chunks", { "Transfer-Encoding": "chunked" }],
  ])("is refused and leaves no object (%s)", async (_name, headers) => {
    const id = await suite.tenant.aDispute();
    work = (request, body) => {
      requireMinimumRate(request, body, 32 * 1_024, 200);
      return uploading(id, request, body, 60_000);
    };
    expect(await drip(headers)).toBe(
      "The body must arrive with at least 32 KiB per second on average.",
    );
    expect(await balance(suite.tenant)).toEqual(balanced(0));
    expect((await suite.tenant.getDispute(id)).body.version).toBe(1);
  });

  it.each([
    ["with a length", { "Content-Length": "100000" }],
    ["in chunks", { "Transfer-Encoding": "chunked" }],
  ])("is stopped at the upload deadline (%s)", async (_name, headers) => {
    const id = await suite.tenant.aDispute();
    work = (request, body) => uploading(id, request, body, 300);
    expect(await drip(headers)).toBe("The file took too long to arrive.");
    expect(await balance(suite.tenant)).toEqual(balanced(0));
  });
});

describe("an upload that waits for a permit", () => {
  it("has its whole time from then on", async () => {
    const id = await suite.tenant.aDispute();
    const { chunkedUploads } = suite.stage.context.semaphores;
    const acquire = () => chunkedUploads.acquire(suite.tenant.tenantId);
    const permits = await Promise.all(Array.from({ length: 4 }, acquire));
    work = async (request, body) => {
      const stored = uploading(id, request, body, 2_000);
      await sleep(3_000);
      for (const { release } of permits) release();
      await stored;
    };
    const { port } = server.address() as AddressInfo;
    const uploader = { tenantId: suite.tenant.tenantId, stage: { port } };
    await upload(uploader, "x", aFile("text/csv", 4_000), { chunked: true });
    expect(await outcome).toBe("stored");
  });
});
