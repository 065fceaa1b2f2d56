import { EventEmitter } from "node:events";
import type { Request, Response } from "express";
import { createBulkPacing } from "../../src/http/bulk-pacing.ts";
import { createTurns } from "../../src/http/turns.ts";

/** A pacing on a clock that only moves when someone works, with the pauses that it made. */
function createPaced() {
  let time = 0;
  const pauses: number[] = [];
  const pacing = createBulkPacing(createTurns(), {
    now: () => time,
    sleep: async (ms) => void pauses.push(ms),
  });
  return {
    pauses,
    wait: (ms: number): void => void (time += ms),
    /** Starts a request and returns how it ends. */
    request: (headers: Request["headers"] = {}, socket = { bytesRead: 0 }): (() => void) => {
      const response = new EventEmitter();
      pacing.countRequests({ headers, socket } as Request, response as Response, () => undefined);
      return () => void response.emit("close");
    },
    /** Works on each of `count` chunks for 10 ms, and ends the body. */
    readBody: async (
      count: number,
      onChunk = async (): Promise<void> => undefined,
      headers: Request["headers"] = {},
    ) => {
      for await (const _ of pacing.pace(chunks(count), { tenantId: "t", headers })) {
        time += 10;
        await onChunk();
      }
    },
  };
}

async function* chunks(count: number): AsyncGenerator<Buffer> {
  for (let n = 0; n < count; n += 1) yield Buffer.from("x");
}

describe("a bulk body", () => {
  it("is read without a pause while no short request is in flight", async () => {
    const paced = createPaced();
    paced.request()();
    paced.request({ "content-length": "1048576" });
    await paced.readBody(3);
    expect(paced.pauses).toEqual([]);
  });

  it("pauses after each chunk for as long as the chunk took, while a short request is in flight", async () => {
    const paced = createPaced();
    const end = paced.request({ "content-length": "1048575" });
    await paced.readBody(2);
    end();
    await paced.readBody(2);
    expect(paced.pauses).toEqual([10, 10]);
  });

  it("pauses for a chunked request until that has sent 1 MiB", async () => {
    const paced = createPaced();
    const socket = { bytesRead: 500 };
    paced.request({ "transfer-encoding": "chunked" }, socket);
    socket.bytesRead += 1_048_575;
    await paced.readBody(1);
    socket.bytesRead += 1;
    await paced.readBody(1);
    expect(paced.pauses).toEqual([10]);
  });

  it("does not pause for its own request", async () => {
    const paced = createPaced();
    const headers = { "transfer-encoding": "chunked" };
    paced.request(headers);
    await paced.readBody(3, undefined, headers);
    expect(paced.pauses).toEqual([]);
  });

  it("lets everything else run after each chunk", async () => {
    const paced = createPaced();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    const seen: number[] = [];
    await paced.readBody(20, async () => {
      seen.push(turns);
      const start = performance.now();
      while (performance.now() - start < 3);
    });
    clearInterval(timer);
    expect(seen.at(-1)).toBeGreaterThan(10);
  });

  it("pauses for as long as all bulk bodies together would take", async () => {
    const paced = createPaced();
    paced.request();
    await paced.readBody(1, () => paced.readBody(1));
    expect(paced.pauses).toEqual([20, 20]);
  });

  it("does not pause for requests that have been in flight for a second", async () => {
    const paced = createPaced();
    paced.request();
    paced.wait(1_000);
    // Does not make the first one short again.
    paced.request()();
    await paced.readBody(1);
    expect(paced.pauses).toEqual([]);
  });

  it("pauses for at most 100 ms", async () => {
    const paced = createPaced();
    await paced.readBody(1, async () => {
      paced.wait(5_000);
      paced.request();
    });
    expect(paced.pauses).toEqual([100]);
  });
});
