import { once } from "node:events";
import { createServer, request as send, type ClientRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { requireMinimumRate } from "../../../src/http/body/minimum-rate.ts";
import { openBody } from "../../../src/http/body/stream.ts";

const WINDOW_MS = 300;
const BYTES_PER_SECOND = 1_024;
const TOO_SLOW = "The body must arrive with at least 1 KiB per second on average.";

let outcome: Promise<string>;

async function read(request: IncomingMessage): Promise<string> {
  const body = openBody(request);
  requireMinimumRate(request, body, BYTES_PER_SECOND, WINDOW_MS);
  if (request.url === "/late") await sleep(2 * WINDOW_MS);
  return text(body).catch((error: Error) => error.message);
}

const server = createServer((request, response) => {
  outcome = read(request);
  void outcome.then(() => response.end());
});

beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends a body, and resolves with what the server read of it. */
async function post(path: string, write: (sending: ClientRequest) => unknown): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const sending = send({ port, host: "127.0.0.1", path, method: "POST" });
  const answered = once(sending, "response");
  void write(sending);
  await answered;
  sending.destroy();
  return outcome;
}

/** Sends `chunk` every 20 ms until the server answers, or `times` times. */
const drip =
  (chunk: string, times = Number.POSITIVE_INFINITY) =>
  async (sending: ClientRequest): Promise<void> => {
    for (let sent = 0; sent < times && !sending.destroyed; sent += 1) {
      sending.write(chunk);
      await sleep(20);
    }
    if (!sending.destroyed) sending.end();
  };

describe("the minimum rate of a body", () => {
  it("ends the body of a client that stops sending", async () => {
    expect(await post("/", (sending) => sending.write("begin"))).toBe(TOO_SLOW);
  });

  it("ends the body of a client that sends a byte from time to time", async () => {
    expect(await post("/", drip("x"))).toBe(TOO_SLOW);
  });

  it("ends the body of a client that slows down after a fast start", async () => {
    const start = (sending: ClientRequest): Promise<void> => {
      sending.write("x".repeat(100_000));
      return drip("x")(sending);
    };
    expect(await post("/", start)).toBe(TOO_SLOW);
  });

  it("accepts a body that takes many windows at a sufficient rate", async () => {
    expect(await post("/", drip("x".repeat(1_000), 50))).toHaveLength(50_000);
  });

  it("does not count the time in which the server does not read", async () => {
    expect(await post("/late", (sending) => sending.end("begin"))).toBe("begin");
  });
});
