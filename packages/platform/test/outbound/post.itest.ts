import { createSocket } from "node:dgram";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createOutboundPolicy,
  createResolve,
  postOutbound,
  RefusedError,
  RequestTimeoutError,
} from "../../src/outbound/index.ts";

/** A name server that answers every A query with the next of `addresses`, and then with the last one. Counts the queries. */
async function createNameServer(addresses: readonly string[]) {
  let queries = 0;
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const isA = question.readUInt16BE(question.length - 4) === 1;
    const found = isA ? addresses[Math.min(queries++, addresses.length - 1)]! : undefined;
    const header = Buffer.from([0x81, 0x80, 0, 1, 0, found === undefined ? 0 : 1, 0, 0, 0, 0]);
    const answer =
      found === undefined
        ? []
        : [
            Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]),
            Buffer.from(found.split(".").map(Number)),
          ];
    socket.send(Buffer.concat([query.subarray(0, 2), header, question, ...answer]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    resolve: createResolve([`127.0.0.1:${socket.address().port}`]),
    queries: () => queries,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

let handle: RequestListener;
const server = createServer((request, response) => handle(request, response));
let port: number;
let requests = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
  server.on("request", () => (requests += 1));
});

beforeEach(() => {
  requests = 0;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const REAL_TIMERS = [
  "Date",
  "hrtime",
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
] as const;

const policy = createOutboundPolicy(["127.0.0.1/32"]);
const send = (host: string, tools: Partial<Parameters<typeof postOutbound>[0]> = {}) =>
  postOutbound(
    { policy, resolve: createResolve(), ...tools },
    {
      url: `http://${host}:${port}/hook?x=1`,
      headers: { "User-Agent": "Test" },
      body: "{}",
      signal: new AbortController().signal,
    },
  );

describe("a request to a URL of a user", () => {
  it("connects to an allowed address of a name, and reads no more than 1 KiB of the response", async () => {
    const names = await createNameServer(["127.0.0.1"]);
    handle = (request, response) => {
      response.writeHead(500, { "Retry-After": "7" });
      const write = (): void => {
        while (!response.destroyed && response.write("x".repeat(4_096)));
        response.once("drain", write);
      };
      write();
      expect(request.headers["host"]).toBe(`receiver.test:${port}`);
    };
    await expect(send("receiver.test", names)).resolves.toEqual({
      status: 500,
      retryAfter: "7",
      body: "x".repeat(1_024),
    });
    await names.close();
  });

  it("is refused if the name resolves to loopback that is not allowed", async () => {
    const names = await createNameServer(["127.0.0.1"]);
    const strict = createOutboundPolicy([]);
    const signal = new AbortController().signal;
    const request = { url: `https://receiver.test:${port}/`, headers: {}, body: "{}", signal };
    await expect(postOutbound({ policy: strict, resolve: names.resolve }, request)).rejects.toThrow(
      RefusedError,
    );
    expect(requests).toBe(0);
    await names.close();
  });

  it("resolves the name once, so that an answer which changes after the check is never used", async () => {
    handle = (_request, response) => void response.writeHead(204).end();
    const names = await createNameServer(["127.0.0.1", "127.0.0.2"]);
    await expect(send("rebind.test", names)).resolves.toMatchObject({ status: 204 });
    expect(names.queries()).toBe(1);
    await expect(send("rebind.test", names)).rejects.toThrow(RefusedError);
    await names.close();
  });

  it("keeps at most 1 KiB of a response that decoding makes longer", async () => {
    handle = (_request, response) => void response.end(Buffer.alloc(2_000, 0xff));
    expect((await send("127.0.0.1")).body).toBe("\ufffd".repeat(341));
  });

  it("does not follow a redirect", async () => {
    handle = (_request, response) => void response.writeHead(302, { Location: "/other" }).end();
    await expect(send("127.0.0.1")).resolves.toMatchObject({ status: 302 });
    expect(requests).toBe(1);
  });

  it("is ended by headers that are too large, and by its signal", async () => {
    handle = (_request, response) =>
      void response.writeHead(200, { "X-Large": "x".repeat(20_000) }).end();
    await expect(send("127.0.0.1")).rejects.toMatchObject({ code: "HPE_HEADER_OVERFLOW" });
    const stop = new AbortController();
    handle = () => stop.abort(new Error("stopped"));
    await expect(
      postOutbound(
        { policy, resolve: createResolve() },
        { url: `http://127.0.0.1:${port}/`, headers: {}, body: "", signal: stop.signal },
      ),
    ).rejects.toThrow("stopped");
  });

  describe("that takes 15 s", () => {
    // Only the timer of the request: the server and the sockets need theirs.
    beforeEach(() => jest.useFakeTimers({ doNotFake: [...REAL_TIMERS] }));
    afterEach(() => jest.useRealTimers());

    /** Sends a request, and passes the time when it has arrived. */
    const sendFor = async (respond: RequestListener): Promise<ReturnType<typeof send>> => {
      const arrived = new Promise<void>((resolve) => {
        handle = (request, response) => {
          respond(request, response);
          setImmediate(resolve);
        };
      });
      const sent = send("127.0.0.1");
      let isSettled = false;
      sent.catch(() => undefined).finally(() => (isSettled = true));
      await arrived;
      await jest.advanceTimersByTimeAsync(14_999);
      expect(isSettled).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      return sent;
    };

    it("fails if there is no response", async () => {
      await expect(sendFor(() => undefined)).rejects.toThrow(RequestTimeoutError);
    });
  });
});
