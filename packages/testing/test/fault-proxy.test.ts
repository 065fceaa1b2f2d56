import { createServer as createHttpServer } from "node:http";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createFaultProxy, waitFor, type FaultProxy } from "@docket/testing";

const started = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

describe("a fault proxy before a TCP server", () => {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let server: Server;
  let proxy: FaultProxy;
  let url: string;

  beforeAll(async () => {
    // Says back what it hears.
    server = createServer((socket) => {
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .on("data", (data) => {
          received.push(data.toString());
          socket.write(data);
        });
    });
    url = `tcp://127.0.0.1:${await started(server)}`;
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
  const say = async (socket: Socket, text: string): Promise<string> => {
    socket.write(text);
    const [data] = (await once(socket, "data")) as [Buffer];
    return data.toString();
  };
  /** The fault's code with which a connection ended. */
  const end = async (socket: Socket): Promise<string> => {
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    return error.code ?? "";
  };

  it("passes everything, and keeps the rest of a URL", async () => {
    expect(await say(await open(), "hello")).toBe("hello");
    expect(proxy.through("postgres://u:p@db:5432/x?y=1")).toMatch(
      /^postgres:\/\/u:p@127\.0\.0\.1:\d+\/x\?y=1$/,
    );
    expect(proxy.through("http://s3:9000")).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("breaks connections and refuses new ones, until it passes again", async () => {
    const socket = await open();
    await say(socket, "hello");
    await Promise.all([expect(end(socket)).resolves.toBe("ECONNRESET"), proxy.refuse()]);
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await proxy.pass();
    expect(await say(await open(), "again")).toBe("again");
  });

  it("swallows what is said while it hangs, on old connections and new ones", async () => {
    const old = await open();
    await say(old, "hello");
    proxy.hang();
    const fresh = await open();
    const ends = [end(old), end(fresh)];
    old.write("lost");
    fresh.write("lost");
    await proxy.pass();
    expect(await Promise.all(ends)).toEqual(["ECONNRESET", "ECONNRESET"]);
    expect(received).toEqual(["hello"]);
  });

  it("breaks connections in the middle of an answer", async () => {
    const socket = await open();
    proxy.cutAfter(10);
    expect(await say(socket, "123456789")).toBe("123456789");
    socket.write("0");
    expect(await end(socket)).toBe("ECONNRESET");
    expect(await say(await open(), "again")).toBe("again");
  });

  it("loses the answer to what the server has done", async () => {
    const [one, other] = [await open(), await open()];
    proxy.loseAnswerTo("COMMIT");
    expect(await say(other, "SELECT")).toBe("SELECT");
    one.write("COMMIT");
    expect(await end(one)).toBe("ECONNRESET");
    expect(received).toEqual(["SELECT", "COMMIT"]);
    expect(await say(other, "COMMIT")).toBe("COMMIT");
  });

  it("slows down", async () => {
    const socket = await open();
    proxy.slowDown(100);
    const begin = performance.now();
    await say(socket, "0123456789");
    expect(performance.now() - begin).toBeGreaterThan(190);
  });
});

describe("a fault proxy before an HTTP server", () => {
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
    const url = `http://127.0.0.1:${await started(server)}`;
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

  it("leaves a request as it is, the host that it was signed for too", async () => {
    const answer = await fetch(`${base}/a%2Fb?x=1`, { method: "PUT", body: "text" });
    expect(await answer.text()).toBe("done");
    expect(answer.headers.get("x-host")).toBe(new URL(base).host);
    expect(received).toEqual(["PUT /a%2Fb?x=1 text"]);
  });

  it("answers some requests itself, and passes the others", async () => {
    proxy.failRequests({ ...isComplete, answer: 503, code: "SlowDown" });
    const refused = await fetch(`${base}/k?uploadId=1`, { method: "POST", body: "parts" });
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain("<Code>SlowDown</Code>");
    expect((await fetch(`${base}/k?uploads`, { method: "POST" })).status).toBe(200);
    expect(received).toEqual(["POST /k?uploads "]);
    expect(proxy.failedRequests()).toBe(1);
  });

  it.each(["cut", "lose answer"] as const)("breaks the connection of some (%s)", async (answer) => {
    proxy.failRequests({ ...isComplete, answer });
    await expect(fetch(`${base}/k?uploadId=1`, { method: "POST" })).rejects.toThrow();
    expect(received).toHaveLength(answer === "cut" ? 0 : 1);
    await proxy.pass();
    expect((await fetch(`${base}/k?uploadId=1`, { method: "POST" })).status).toBe(200);
  });

  it("never answers some", async () => {
    const before = proxy.failedRequests();
    proxy.failRequests({ ...isComplete, answer: "hang" });
    const gone = new AbortController();
    const asked = fetch(`${base}/k?uploadId=1`, { method: "POST", signal: gone.signal });
    await waitFor(() => proxy.failedRequests() > before);
    expect((await fetch(`${base}/other`)).status).toBe(200);
    gone.abort();
    await expect(asked).rejects.toThrow();
  });
});
