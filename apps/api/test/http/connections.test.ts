import { once } from "node:events";
import type { RequestListener, Server, ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { waitFor } from "@docket/testing";
import { createHttpServer } from "../../src/http/server.ts";
import { createBareApp } from "../support/bare-app.ts";

const MIB = 1_048_576;
const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Handler = (...exchange: Parameters<RequestListener>) => unknown;

/** Starts a server, and connects to it. */
async function connectTo(handler: Handler, writeStallMs?: number): Promise<Socket> {
  const server = createHttpServer((...exchange) => void handler(...exchange), writeStallMs);
  open.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").pause();
  socket.on("error", () => undefined);
  return socket;
}

const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, "Host: x", ...headers, "", ""].join("\r\n");

describe("the connection of a client that does not read its response", () => {
  it("is closed", async () => {
    let response: ServerResponse | undefined;
    const socket = await connectTo((_request, answer) => {
      response = answer.end(Buffer.alloc(64 * MIB));
    }, 200);
    socket.write(get("/"));
    await waitFor(() => response?.closed);
    socket.destroy();
  });

  it("is closed although the client goes on sending", async () => {
    let response: ServerResponse | undefined;
    const socket = await connectTo((_request, answer) => {
      response = answer.end(Buffer.alloc(64 * MIB));
    }, 200);
    socket.write(get("/", "Content-Length: 100000"));
    const dripping = setInterval(() => socket.write("x"), 20);
    await waitFor(() => response?.closed);
    clearInterval(dripping);
    socket.destroy();
  });

  it("stays open while the client reads slowly", async () => {
    const socket = await connectTo(
      (_request, response) => response.end(Buffer.alloc(64 * MIB)),
      4_000,
    );
    socket.write(get("/", "Connection: close"));
    // Longer than the limit in all, with pauses of a tenth of it.
    let bytes = 0;
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const steps = Math.floor((bytes + chunk.length) / (4 * MIB)) - Math.floor(bytes / (4 * MIB));
      bytes += chunk.length;
      if (steps > 0) await sleep(400);
    }
    expect(bytes).toBeGreaterThan(64 * MIB);
  });

  it("stays open while the server prepares the response", async () => {
    const socket = await connectTo(async (_request, response) => {
      await sleep(400);
      response.end("late");
    }, 100);
    socket.write(get("/", "Connection: close"));
    expect(await text(socket)).toMatch(/late$/);
  });
});

describe("a GET whose body does not end", () => {
  it.each(["/healthz", "/docs", "/nothing"])(
    "is answered, and the connection closes (%s)",
    async (path) => {
      const socket = await connectTo(createBareApp());
      socket.write(get(path, "Content-Length: 100000"));
      const drip = setInterval(() => socket.write("1"), 100);
      const response = (await buffer(socket)).toString();
      clearInterval(drip);
      expect(response).toMatch(path === "/nothing" ? /^HTTP\/1\.1 404 / : /^HTTP\/1\.1 200 /);
      expect(response).toMatch(/^connection: close\r$/im);
    },
  );

  it("keeps its connection if the body ends soon", async () => {
    const socket = await connectTo(createBareApp());
    socket.write(`${get("/healthz", "Content-Length: 3")}abc`);
    socket.write(get("/healthz", "Connection: close"));
    expect((await text(socket)).match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
  });
});

describe("pipelined requests", () => {
  it("are handled one after the other", async () => {
    let [running, most] = [0, 0];
    const socket = await connectTo(async (_request, response) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(10);
      running -= 1;
      response.end();
    });
    socket.write(`${get("/").repeat(5)}${get("/", "Connection: close")}`);
    expect((await text(socket)).match(/^HTTP\/1\.1 200 /gm)).toHaveLength(6);
    expect(most).toBe(1);
  });

  it("that are too many close the connection", async () => {
    let handled = 0;
    const socket = await connectTo(() => (handled += 1));
    socket.write(get("/").repeat(40));
    expect(await text(socket.resume())).toBe("");
    expect(handled).toBeLessThanOrEqual(1);
  });
});

describe("idle connections", () => {
  it("are closed when a client cannot connect because there are too many", async () => {
    const idle = await connectTo((_request, response) => response.end());
    const server = open.at(-1)!;
    server.maxConnections = 1;
    idle.resume().write(get("/"));
    await once(idle, "data");
    const { port } = server.address() as AddressInfo;
    const [refused] = [connect(port, "127.0.0.1").resume(), await once(idle, "close")];
    refused.destroy();
    const next = connect(port, "127.0.0.1");
    next.write(get("/", "Connection: close"));
    expect(await text(next)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
