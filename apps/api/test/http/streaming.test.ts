import { once } from "node:events";
import { request as send, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DocketError } from "@docket/domain";
import { createLogger } from "@docket/platform";
import express from "express";
import { limitIdleness } from "../../src/http/idle-limit.ts";
import { createRequestContext } from "../../src/http/request-context.ts";
import { defineRoute } from "../../src/http/route.ts";
import { createRouter } from "../../src/http/router.ts";
import type { ApiContext } from "../../src/index.ts";

const answers = { 200: { description: "" } };
const length = defineRoute({
  method: "POST",
  path: "/length",
  operationId: "length",
  summary: "",
  permission: "public",
  body: "stream",
  answers,
  handler: async (_context, { raw }) => ({
    status: 200,
    body: { length: (await buffer(raw)).length },
  }),
});
const refused = defineRoute({
  method: "POST",
  path: "/refused",
  operationId: "refused",
  summary: "",
  permission: "public",
  body: "stream",
  answers,
  handler: async () => {
    throw new DocketError("unsupported_media_type", "No.");
  },
});

const app = express();
app.use(createRequestContext(createLogger("test", "silent"), () => undefined));
app.use(createRouter({} as ApiContext, [length, refused]));
const server = app.listen(0, "127.0.0.1");

beforeAll(() => once(server, "listening").catch(() => undefined));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends `body`, and reads the answer while it does. */
async function post(path: string, body: Buffer): Promise<IncomingMessage & { text: string }> {
  const { port } = server.address() as AddressInfo;
  const sending = send({ port, host: "127.0.0.1", path, method: "POST" });
  sending.on("error", () => undefined);
  sending.end(body);
  const [answer] = (await once(sending, "response")) as [IncomingMessage];
  return Object.assign(answer, { text: await text(answer) });
}

describe("a route that streams", () => {
  it("gets the bytes as they are, of any size and type", async () => {
    const answer = await post("/length", Buffer.alloc(5_000_000, 0xff));
    expect(answer.text).toBe('{"length":5000000}');
  });

  it("can refuse before the body is read, and the caller sees why", async () => {
    const answer = await post("/refused", Buffer.alloc(500_000));
    expect(answer.statusCode).toBe(415);
    expect(answer.headers["connection"]).toBe("keep-alive");
  });

  it("loses no refusal of a caller who listens only when all is sent", async () => {
    const { port } = server.address() as AddressInfo;
    const body = Buffer.alloc(40_000_000);
    const socket = connect(port, "127.0.0.1").pause();
    socket.write(`POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
    await promisify((sent: (error?: Error | null) => void) => socket.write(body, sent))();
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 415 .*"code":"unsupported_media_type"/s);
  });

  it("does not read on for ever after a refusal", async () => {
    const { port } = server.address() as AddressInfo;
    const sending = send({ port, host: "127.0.0.1", path: "/refused", method: "POST" });
    sending.on("error", () => undefined);
    sending.write("some of it, and then nothing");
    const [answer] = (await once(sending, "response")) as [IncomingMessage];
    expect(answer.statusCode).toBe(415);
    expect(answer.headers["connection"]).toBe("close");
    answer.resume();
    sending.destroy();
  });
});

describe("the limit on idleness", () => {
  it("hangs up on a caller who stops sending, and not on one whom we let wait", async () => {
    const outcomes: string[] = [];
    const slow = express();
    // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 awaits them
    slow.post("/:mode", async (request, response) => {
      limitIdleness(request, 50);
      if (request.params.mode === "unread") await sleep(300);
      outcomes.push(await text(request).catch((error: Error) => error.message));
      response.end();
    });
    const listening = slow.listen(0, "127.0.0.1");
    await once(listening, "listening").catch(() => undefined);
    const { port } = listening.address() as AddressInfo;
    const call = (path: string, whole: boolean) => {
      const sending = send({ port, host: "127.0.0.1", path, method: "POST" });
      sending.write("begin");
      if (whole) sending.end();
      return new Promise((resolve) => sending.on("error", resolve).on("response", resolve));
    };
    await call("/unread", true);
    await call("/read", false);
    expect(outcomes).toEqual(["begin", "The body stopped coming."]);
    listening.closeAllConnections();
    listening.close();
  });
});
