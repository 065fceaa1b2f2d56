import { once } from "node:events";
import { request as send } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { createFaultProxy, createTestDatabase, waitFor, type TestDatabase } from "@docket/testing";
import { portOf, start } from "./support/process.ts";
import { validToken, SECRET } from "./support/tokens.ts";

/** docs/api.md §6, "Shutdown". */
const SHUTDOWN_LIMIT_MS = 10_000;

let test: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  test = await createTestDatabase();
  env = { DATABASE_URL: test.appUrl, QUEUE_URL: test.ownerUrl, JWT_SECRET: SECRET, PORT: "0" };
});

afterAll(() => test.drop());

describe("the API process", () => {
  it("reports the faults of its configuration, one line each, and exits with 1", async () => {
    const started = start({ PORT: "x" });
    expect(await started.exited).toBe(1);
    const lines = started.err().trim().split("\n");
    expect(new Set(lines.map((line) => line.split(" ")[0]))).toEqual(
      new Set(["DATABASE_URL", "JWT_SECRET", "PORT", "QUEUE_URL"]),
    );
    expect(lines).toHaveLength(4);
  });

  it("exits when row-level security does not bind its login", async () => {
    const started = start({ ...env, DATABASE_URL: test.ownerUrl });
    expect(await started.exited).toBe(1);
    expect(started.out()).toContain("DATABASE_URL must be a login");
    expect(started.out()).not.toContain('"msg":"listening"');
  });

  it("exits for the same reason when the database comes up later", async () => {
    const proxy = await createFaultProxy(test.ownerUrl);
    await proxy.refuse();
    const started = start({ ...env, DATABASE_URL: proxy.through(test.ownerUrl) });
    const port = await portOf(started);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(answer.status).toBe(503);
    await proxy.pass();
    expect(await started.exited).toBe(1);
    await proxy.close();
  });

  it("logs one line per request, and finishes requests in flight on SIGTERM", async () => {
    const started = start(env);
    const port = await portOf(started);
    const headers = {
      authorization: `Bearer ${validToken()}`,
      "content-type": "application/json",
      "x-request-id": "the-last",
    };
    // An idle keep-alive connection must not delay the exit.
    await fetch(`http://127.0.0.1:${port}/v1/contexts?limit=1`, { headers }).then((each) =>
      each.text(),
    );

    const sending = send({
      port,
      host: "127.0.0.1",
      path: "/v1/contexts",
      method: "POST",
      headers,
    });
    sending.write('{"name":');
    await waitFor(() => sending.socket?.connecting === false);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stoppedAt = performance.now();
    started.process.kill("SIGTERM");
    await waitFor(() => started.out().includes('"msg":"stopping"'));
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    sending.end('"late"}');
    const [answer] = await once(sending, "response");
    expect(answer.statusCode).toBe(201);
    answer.resume();
    expect(await started.exited).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(SHUTDOWN_LIMIT_MS);

    const line = started
      .out()
      .split("\n")
      .find((each) => each.includes("the-last") && each.includes('"status":201'));
    expect(JSON.parse(line ?? "{}")).toMatchObject({
      msg: "request",
      requestId: "the-last",
      method: "POST",
      path: "/v1/contexts",
      status: 201,
      actor: "alice",
    });
    expect(started.out()).not.toContain(headers.authorization);
    expect(started.out()).not.toContain("limit=1");
  });

  it("ends all streams of events on SIGTERM", async () => {
    const started = start(env);
    const port = await portOf(started);
    const open = (sub: string) =>
      fetch(`http://127.0.0.1:${port}/v1/events/stream`, {
        headers: { authorization: `Bearer ${validToken({ sub })}` },
      });
    const streams = await Promise.all(["a", "b", "c"].map(open));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    started.process.kill("SIGTERM");
    // To their end, not to an error.
    const texts = await Promise.all(streams.map((stream) => stream.text()));
    expect(texts).toEqual(texts.map(() => "retry: 2000\n\n"));
    expect(await started.exited).toBe(0);
  });

  it("redacts the secrets of its configuration, even in errors of a driver", async () => {
    // Refuses every command, as Redis does after a wrong password.
    const refusing = createServer((socket) =>
      socket.on("error", () => undefined).on("data", () => socket.write("-WRONGPASS invalid\r\n")),
    );
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const { port } = refusing.address() as AddressInfo;
    const password = "the-queue's-password";
    const started = start({ ...env, QUEUE_URL: `redis://:${password}@127.0.0.1:${port}` });
    await portOf(started);
    await waitFor(() => started.out().includes('"args":'));
    expect(started.out()).toContain('"args":["[redacted]"]');
    expect(started.out()).not.toContain(password);
    started.process.kill("SIGTERM");
    await started.exited;
    await new Promise((resolve) => refusing.close(resolve));
  });
});
