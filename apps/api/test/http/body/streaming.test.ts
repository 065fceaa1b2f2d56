import { once } from "node:events";
import { request as send, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { promisify } from "node:util";
import { DocketError } from "@docket/domain";
import type { Statements } from "@docket/platform/database";
import { createLogger } from "@docket/platform";
import express from "express";
import { createRequestContext } from "../../../src/http/request-context.ts";
import { streamRoute } from "../../../src/http/route.ts";
import { createRouter } from "../../../src/http/router.ts";
import type { ApiContext } from "../../../src/index.ts";

const NO_TX = {} as Statements;
const route = {
  method: "POST",
  summary: "",
  permission: "public",
  media: {},
  minBytesPerSecond: 1,
  responses: { 200: { description: "" } },
} as const;

const length = streamRoute({
  ...route,
  path: "/length",
  operationId: "length",
  handler: async (_context, { body, persist }) => {
    const { length: bytes } = await buffer(body);
    return persist(NO_TX, { status: 200, body: { length: bytes } });
  },
});
const refused = streamRoute({
  ...route,
  path: "/refused",
  operationId: "refused",
  handler: async () => {
    throw new DocketError("unsupported_media_type", "No.");
  },
});
const failing = streamRoute({
  ...route,
  path: "/failing",
  operationId: "failing",
  handler: async (_context, { body }) => {
    for await (const _chunk of body) throw new DocketError("unsupported_media_type", "No.");
    throw new Error("the body was empty");
  },
});

const app = express();
app.use(createRequestContext(createLogger("test", "silent"), () => undefined));
const context = { sequencer: { wake: () => undefined } } as ApiContext;
app.use(createRouter(context, [length, refused, failing]));
const server = app.listen(0, "127.0.0.1");

beforeAll(() => once(server, "listening").catch(() => undefined));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const portOf = (): number => (server.address() as AddressInfo).port;

/** Sends `body`, and reads the response meanwhile. */
async function post(path: string, body: Buffer): Promise<IncomingMessage & { text: string }> {
  const sending = send({ port: portOf(), host: "127.0.0.1", path, method: "POST" });
  sending.on("error", () => undefined);
  sending.end(body);
  const [response] = (await once(sending, "response")) as [IncomingMessage];
  return Object.assign(response, { text: await text(response) });
}

describe("a streaming route", () => {
  it("gets the bytes unchanged, of any size and type", async () => {
    const response = await post("/length", Buffer.alloc(5_000_000, 0xff));
    expect(response.text).toBe('{"length":5000000}');
  });

  it.each(["/refused", "/failing"])(
    "can refuse a body before its end, and keeps the connection (%s)",
    async (path) => {
      const response = await post(path, Buffer.alloc(500_000));
      expect(response.statusCode).toBe(415);
      expect(response.headers["connection"]).toBe("keep-alive");
    },
  );

  it.each(["/refused", "/failing"])(
    "delivers its refusal to a client that reads only after it has sent everything (%s)",
    async (path) => {
      const body = Buffer.alloc(40_000_000);
      const socket = connect(portOf(), "127.0.0.1").pause();
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
      await promisify((sent: (error?: Error | null) => void) => socket.write(body, sent))();
      const response = await text(socket);
      expect(response).toMatch(/^HTTP\/1\.1 415 .*"code":"unsupported_media_type"/s);
    },
  );

  it("closes the connection of a refused client that stops sending", async () => {
    const sending = send({ port: portOf(), host: "127.0.0.1", path: "/refused", method: "POST" });
    sending.on("error", () => undefined);
    sending.write("the beginning");
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(415);
    expect(response.headers["connection"]).toBe("close");
    response.resume();
    sending.destroy();
  });
});
