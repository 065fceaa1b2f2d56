import { once } from "node:events";
import { createServer, request as send, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { limitIdleness } from "../../../src/http/body/idle-limit.ts";
import { openBody } from "../../../src/http/body/stream.ts";

const INTERVAL_MS = 50;

let outcome: Promise<string>;

async function read(request: IncomingMessage): Promise<string> {
  const body = openBody(request);
  limitIdleness(request, body, INTERVAL_MS);
  if (request.url === "/late") await sleep(6 * INTERVAL_MS);
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

async function post(path: string, isComplete: boolean): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const sending = send({ port, host: "127.0.0.1", path, method: "POST" });
  sending.write("begin");
  if (isComplete) sending.end();
  await new Promise((resolve) => sending.on("error", resolve).on("response", resolve));
  return outcome;
}

describe("the idle limit", () => {
  it("closes the connection of a client that stops sending", async () => {
    expect(await post("/", false)).toBe("The client stopped sending the body.");
  });

  it("does not count the time in which the server does not read", async () => {
    expect(await post("/late", true)).toBe("begin");
  });
});
