import { createHash } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { createDocket, type DocketOptions } from "../src/index.ts";
import { sleep } from "../src/transport/retry.ts";
import { createUpload } from "../src/transport/upload.ts";

let server: Server;
let baseUrl: string;
let requests = 0;
/** What the server answers, request by request; then with redirects. */
let answers: { readonly status: number; readonly body?: object }[] = [];

beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    const { status, body } = answers.shift() ?? { status: 302 };
    response.writeHead(status, { location: "/elsewhere" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  requests = 0;
  answers = [];
});

const calls = (options: Partial<DocketOptions> = {}) =>
  createDocket({ baseUrl, token: "t", ...options }).contexts;

describe("faults of the caller", () => {
  it("of the token are thrown without its value, before anything is sent", async () => {
    const token = "a secret\nof two lines";
    const error: unknown = await calls({ token })
      .get("x")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).not.toContain("secret");
    expect(requests).toBe(0);
  });

  it("are thrown as they are, and once", async () => {
    let attempts = 0;
    const token = (): string => {
      attempts += 1;
      throw new Error("the vault is closed");
    };
    await expect(calls({ token }).get("x")).rejects.toThrow("the vault is closed");
    expect(attempts).toBe(1);
    const name = 1n as unknown as string;
    await expect(calls().create({ name })).rejects.toThrow(TypeError);
    const idempotencyKey = "a\nb";
    await expect(calls().create({ name: "x" }, { idempotencyKey })).rejects.toThrow("Headers");
    expect(requests).toBe(0);
  });

  it("include a token that never comes, which the signal and the time limit end", async () => {
    const token = (): Promise<string> => new Promise(() => undefined);
    const signal = AbortSignal.abort(new Error("no longer needed"));
    await expect(calls({ token }).get("x", { signal })).rejects.toThrow("no longer needed");
    const hasty = calls({ token, timeoutMs: 20, maxRetries: 0 });
    await expect(hasty.get("x")).rejects.toMatchObject({ code: "timeout" });
  });
});

describe("a signal", () => {
  const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

  it("has one listener during any number of calls, and its abort ends all of them", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const token = (): Promise<string> => new Promise(() => undefined);
    const { get } = calls({ token, signal });
    const ended = Promise.allSettled(Array.from({ length: 20 }, () => get("x")));
    expect(listeners(signal)).toBe(1);
    controller.abort(new Error("no longer needed"));
    const reasons = (await ended).map((call) => call.status === "rejected" && String(call.reason));
    expect(reasons).toEqual(reasons.map(() => "Error: no longer needed"));
  });

  // Node keeps the signals of AbortSignal.any in memory while they have listeners.
  it("has no listener after a call with a retry, nor between calls", async () => {
    const { signal } = new AbortController();
    const { get } = calls({ signal });
    for (const id of ["x", "y"]) {
      answers = [{ status: 429 }, { status: 200, body: {} }];
      await get(id, { signal });
      expect(listeners(signal)).toBe(0);
    }
    expect(requests).toBe(4);
  });

  it("can be used for as many waits at a time, and has no listener after them", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const short = Promise.all(Array.from({ length: 20 }, () => sleep(1, signal)));
    const long = sleep(60_000, signal);
    expect(listeners(signal)).toBe(1);
    await short;
    expect(listeners(signal)).toBe(1);
    controller.abort(new Error("no longer needed"));
    await expect(long).rejects.toThrow("no longer needed");
    expect(listeners(signal)).toBe(0);
  });
});

it("waits for an export beyond an outage", async () => {
  answers = [{ status: 502 }, { status: 200, body: { status: "SUCCEEDED" } }];
  const { exportJobs } = createDocket({ baseUrl, token: "t", maxRetries: 0 });
  expect(await exportJobs.waitFor("x")).toEqual({ status: "SUCCEEDED" });
  expect(requests).toBe(2);
});

it("does not multiply the attempts of a download by those of its link", async () => {
  answers = Array.from({ length: 10 }, () => ({ status: 502 }));
  const { exportJobs } = createDocket({ baseUrl, token: "t", maxRetries: 1 });
  await expect(exportJobs.download("x")).rejects.toMatchObject({ code: "network_error" });
  expect(requests).toBe(2);
});

it("aborts the stream of an export that could not be ordered", async () => {
  const aborted = jest.fn();
  const to = new WritableStream<Uint8Array>({ abort: aborted });
  const request = { reportType: "MATCHED", format: "CSV" } as const;
  const run = createDocket({ baseUrl, token: "t" }).exportJobs.run("x", request, { to });
  await expect(run).rejects.toMatchObject({ code: "unexpected_answer" });
  expect(aborted).toHaveBeenCalledTimes(1);
});

it("does not follow a redirect", async () => {
  await expect(calls().get("x")).rejects.toMatchObject({ code: "unexpected_answer", status: 302 });
  expect(requests).toBe(1);
});

it("reports a fetch that rejects without a reason", async () => {
  // eslint-disable-next-line typescript/prefer-promise-reject-errors
  const fetch = (): Promise<never> => Promise.reject(undefined);
  await expect(calls({ fetch, maxRetries: 0 }).get("x")).rejects.toMatchObject({
    code: "network_error",
  });
});

it("hashes the newest attempt, while the stream of an older one is still read", async () => {
  async function* twoChunks() {
    yield Buffer.from("12345");
    yield Buffer.from("67890");
  }
  const upload = await createUpload(twoChunks);
  const touch = (): void => undefined;
  const [old, current] = [await upload.open(touch), await upload.open(touch)];
  await new Response(current).text();
  await new Response(old).text();
  const digest = Buffer.from(await upload.sentDigest()).toString("hex");
  expect(digest).toBe(createHash("sha256").update("1234567890").digest("hex"));
});
