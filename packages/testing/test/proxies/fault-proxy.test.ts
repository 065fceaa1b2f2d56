import { createServer as createHttpServer } from "node:http";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createFaultProxy, waitFor, type FaultProxy } from "@docket/testing";

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

describe("a fault proxy in front of a TCP server", () => {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let server: Server;
  let proxy: FaultProxy;
  let url: string;

  beforeAll(async () => {
    // An echo server.
    server = createServer((socket) => {
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .on("data", (data) => {
          received.push(data.toString());
          socket.write(data);
        });
    });
    url = `tcp://127.0.0.1:${await listen(server)}`;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(async () => {
    received.length = 0;
    proxy = await createFaultProxy(url);
  });
  afterEach(() => proxy.close());

  const open = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(proxy.through(url)).port), "127.0.0.1");
    await once(socket, "connect");
    socket.on("error", () => undefined);
    return socket;
  };
  const send = async (socket: Socket, text: string): Promise<string> => {
    socket.write(text);
    const [data] = (await once(socket, "data")) as [Buffer];
    return data.toString();
  };
  /** Waits for the error that ends a connection, and returns its code. */
  const errorCode = async (socket: Socket): Promise<string> => {
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    return error.code ?? "";
  };

  it("passes everything, and keeps the rest of the URL", async () => {
    expect(await send(await open(), "hello")).toBe("hello");
    expect(proxy.through("postgres://u:p@db:5432/x?y=1")).toMatch(
      /^postgres:\/\/u:p@127\.0\.0\.1:\d+\/x\?y=1$/,
    );
    expect(proxy.through("http://s3:9000")).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("resets connections and refuses new ones until it passes again", async () => {
    const socket = await open();
    await send(socket, "hello");
    await Promise.all([expect(errorCode(socket)).resolves.toBe("ECONNRESET"), proxy.refuse()]);
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await proxy.pass();
    expect(await send(await open(), "again")).toBe("again");
  });

  it("passes no bytes while it hangs, on existing and new connections", async () => {
    const old = await open();
    await send(old, "hello");
    proxy.hang();
    const fresh = await open();
    const ends = [errorCode(old), errorCode(fresh)];
    old.write("lost");
    fresh.write("lost");
    await proxy.pass();
    expect(await Promise.all(ends)).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(received).toEqual(["hello"]);
  });

  it("resets connections in the middle of a response", async () => {
    const socket = await open();
    proxy.cutAfter(10);
    expect(await send(socket, "123456789")).toBe("123456789");
    socket.write("0");
    expect(await errorCode(socket)).toBe("ECONNRESET");
    expect(await send(await open(), "again")).toBe("again");
  });

  it("drops the reply to a request that the server has handled", async () => {
    const [one, other] = [await open(), await open()];
    proxy.dropReplyTo("COMMIT");
    expect(await send(other, "SELECT")).toBe("SELECT");
    one.write("COMMIT");
    expect(await errorCode(one)).toBe("ECONNRESET");
    expect(received).toEqual(["SELECT", "COMMIT"]);
    expect(await send(other, "COMMIT")).toBe("COMMIT");
  });

  it("limits the rate", async () => {
    const socket = await open();
    proxy.slowDown(100);
    const start = performance.now();
    await send(socket, "0123456789");
    expect(performance.now() - start).toBeGreaterThan(190);
  });
});

describe("a fault proxy in front of an HTTP server", () => {
  const received: string[] = [];
  const server = createHttpServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (data: string) => (text += data));
    request.once("end", () => {
      received.push(`${request.method} ${request.url} ${text}`);
      response.setHeader("x-host", request.headers.host ?? "").end("done");
    });
  });
  let proxy: FaultProxy;
  let base: string;

  beforeAll(async () => {
    const url = `http://127.0.0.1:${await listen(server)}`;
    proxy = await createFaultProxy(url);
    base = proxy.through(url);
  });
  afterAll(async () => {
    await proxy.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    received.length = 0;
    return proxy.pass();
  });
  const isComplete = {
    when: ({ method = "", query = new URLSearchParams() }) =>
      method === "POST" && query.has("uploadId"),
  };

  it("passes a request unchanged, including its Host header", async () => {
    const response = await fetch(`${base}/a%2Fb?x=1`, { method: "PUT", body: "text" });
    expect(await response.text()).toBe("done");
    expect(response.headers.get("x-host")).toBe(new URL(base).host);
    expect(received).toEqual(["PUT /a%2Fb?x=1 text"]);
  });

  it("responds to matching requests itself, and passes the others", async () => {
    proxy.failRequests({ ...isComplete, response: 503, code: "SlowDown" });
    const rejected = await fetch(`${base}/k?uploadId=1`, { method: "POST", body: "parts" });
    expect(rejected.status).toBe(503);
    expect(await rejected.text()).toContain("<Code>SlowDown</Code>");
    expect((await fetch(`${base}/k?uploads`, { method: "POST" })).status).toBe(200);
    expect(received).toEqual(["POST /k?uploads "]);
    expect(proxy.failedRequests()).toBe(1);
  });

  it.each(["cut", "drop reply"] as const)(
    "breaks the connection of matching requests (%s)",
    async (response) => {
      proxy.failRequests({ ...isComplete, response });
      await expect(fetch(`${base}/k?uploadId=1`, { method: "POST" })).rejects.toThrow();
      expect(received).toHaveLength(response === "cut" ? 0 : 1);
      await proxy.pass();
      expect((await fetch(`${base}/k?uploadId=1`, { method: "POST" })).status).toBe(200);
    },
  );

  it("never responds to matching requests", async () => {
    const before = proxy.failedRequests();
    proxy.failRequests({ ...isComplete, response: "hang" });
    const aborter = new AbortController();
    const hanging = fetch(`${base}/k?uploadId=1`, { method: "POST", signal: aborter.signal });
    await waitFor(() => proxy.failedRequests() > before);
    expect((await fetch(`${base}/other`)).status).toBe(200);
    aborter.abort();
    await expect(hanging).rejects.toThrow();
  });
});
