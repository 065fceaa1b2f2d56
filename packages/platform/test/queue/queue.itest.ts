import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { queueTargets, waitFor, type TestQueue } from "@docket/testing";
import { pino } from "pino";
import {
  createExportConsumer,
  createExportQueue,
  QueueUnavailableError,
  type ExportMessage,
  type ExportQueue,
} from "../../src/queue/index.ts";

const logger = pino({ level: "silent" });

const message = (): ExportMessage => ({ tenantId: randomUUID(), jobId: randomUUID() });

describe.each(queueTargets(10))("the export queue on $name", ({ open }) => {
  let target: TestQueue;
  let queue: ExportQueue;

  beforeAll(async () => {
    target = await open();
    queue = createExportQueue({ url: target.url, logger });
    await waitFor(
      () =>
        queue.ping().then(
          () => true,
          () => false,
        ),
      { timeoutMs: 10_000 },
    );
  });

  afterAll(async () => {
    await queue.close();
    await target.close();
  });

  /** Consumes until `stop`, recording those of `mine`. Ignores what other tests left in the queue. */
  const consume = (
    mine: readonly ExportMessage[],
    handle: (message: ExportMessage) => Promise<void> = async () => undefined,
    concurrency = 1,
  ) => {
    const received: ExportMessage[] = [];
    const consumer = createExportConsumer({
      url: target.url,
      concurrency,
      logger,
      handle: async (each) => {
        if (!mine.some(({ jobId }) => jobId === each.jobId)) return;
        received.push(each);
        await handle(each);
      },
    });
    return { received, stop: consumer.close };
  };

  it("delivers a message unchanged", async () => {
    const sent = message();
    const { received, stop } = consume([sent]);
    await queue.add(sent, { claim: 0 });
    await waitFor(() => received.length === 1);
    expect(received).toEqual([sent]);
    await stop();
  });

  it("ignores a message that is already waiting", async () => {
    const [first, second] = [message(), message()];
    for (let i = 0; i < 5; i++) await queue.add(first, { claim: 0 });
    await queue.add(second, { claim: 0 });
    const { received, stop } = consume([first, second]);
    await waitFor(() => received.some(({ jobId }) => jobId === second.jobId));
    expect(received).toEqual([first, second]);
    await stop();
  });

  it("delivers the same claim again after the first message has been handled, even if it failed", async () => {
    const sent = message();
    const { received, stop } = consume([sent], () => Promise.reject(new Error("handler failed")));
    await queue.add(sent, { claim: 3 });
    await waitFor(() => received.length === 1);
    // The queue ignores the message while it still holds the first one.
    await waitFor(async () => {
      await queue.add(sent, { claim: 3 });
      return received.length === 2;
    });
    await stop();
  });

  it("delays a message", async () => {
    const [late, early] = [message(), message()];
    await queue.add(late, { claim: 1, delayMs: 700 });
    await queue.add(early, { claim: 0 });
    const { received, stop } = consume([late, early]);
    await waitFor(() => received.length === 2);
    expect(received).toEqual([early, late]);
    await stop();
  });

  it("delivers in the order of turns across the end of an epoch, once what waits was added again", async () => {
    const EPOCH = 1_048_576;
    const waiting = [message(), message(), message()];
    const places = [EPOCH - 1, EPOCH, EPOCH + 1].map((turn) => ({ turn, turnsBegun: EPOCH - 2 }));
    for (const [n, place] of places.entries()) await queue.add(waiting[n]!, { claim: 0, place });
    const later = message();
    const turnsBegun = EPOCH;
    await queue.add(later, { claim: 0, place: { turn: EPOCH + 2, turnsBegun } });
    for (const [n, { turn }] of places.entries())
      await queue.add(waiting[n]!, { claim: 0, place: { turn, turnsBegun } });
    const { received, stop } = consume([...waiting, later]);
    await waitFor(() => received.length >= 4);
    expect(received.slice(0, 4)).toEqual([...waiting, later]);
    // The first messages come too, and find jobs that have been claimed.
    await waitFor(() => received.length === 7);
    await stop();
  });

  it("runs as many handlers as configured, and shares the load between two consumers", async () => {
    let running = 0;
    let most = 0;
    const busy = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await waitFor(() => running >= 4 || most >= 4);
      running -= 1;
    };
    const sent = Array.from({ length: 8 }, message);
    const [one, two] = [consume(sent, busy, 2), consume(sent, busy, 2)];
    await Promise.all(sent.map((each) => queue.add(each, { claim: 0 })));
    await waitFor(() => one.received.length + two.received.length === 8);
    expect(most).toBe(4);
    expect(one.received.length).toBeGreaterThan(0);
    expect(two.received.length).toBeGreaterThan(0);
    expect([...one.received, ...two.received].map(({ jobId }) => jobId).toSorted()).toEqual(
      sent.map(({ jobId }) => jobId).toSorted(),
    );
    await Promise.all([one.stop(), two.stop()]);
  });

  it("waits for running handlers when it closes", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const sent = message();
    const { received, stop } = consume([sent], () => held);
    await queue.add(sent, { claim: 0 });
    await waitFor(() => received.length === 1);
    let closed = false;
    const closing = stop().then(() => (closed = true));
    expect(closed).toBe(false);
    release();
    await closing;
  });
});

describe.each(["postgres://user:pw@127.0.0.1:PORT/none", "redis://127.0.0.1:PORT"])(
  "a queue that does not respond (%s)",
  (pattern) => {
    const sockets: Socket[] = [];
    let silent: Server;
    beforeAll((done) => {
      // Accepts connections but never responds, like a host behind a broken network.
      silent = createServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1", done);
    });
    afterAll((done) => {
      for (const socket of sockets) socket.destroy();
      silent.close(done);
    });

    it("times out within two seconds, and closes", async () => {
      const port = (silent.address() as { port: number }).port;
      const queue = createExportQueue({ url: pattern.replace("PORT", String(port)), logger });
      const start = Date.now();
      await expect(queue.add(message(), { claim: 0 })).rejects.toBeInstanceOf(
        QueueUnavailableError,
      );
      expect(Date.now() - start).toBeLessThan(2_000);
      await queue.close();
    });
  },
);
