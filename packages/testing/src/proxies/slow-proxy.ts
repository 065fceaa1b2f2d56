import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { closeServer, listenOnLoopback } from "./listen.ts";

/** The rate of one direction of a slow connection. */
export type Throttle = {
  /** Bytes per second over all connections together. `Infinity` means no limit; 0 accepts bytes but holds them back. */
  readonly set: (bytesPerSecond: number) => void;
  /** The number of bytes received so far, whether passed on or held back. */
  readonly received: () => number;
};

/** A slow connection to a server. As on a real network, bytes that a client sent before it died still arrive. */
export type SlowProxy = {
  readonly url: string;
  readonly requests: Throttle;
  readonly responses: Throttle;
  /** Breaks all connections. */
  readonly close: () => Promise<void>;
};

export type SlowProxyOptions = {
  /** How much each connection buffers in each direction. Defaults to 64 KiB. */
  readonly bufferBytes?: number;
};

/** Starts a proxy on 127.0.0.1 in front of the server at the URL `target`, initially without a limit. */
export async function createSlowProxy(
  target: string,
  { bufferBytes = 65_536 }: SlowProxyOptions = {},
): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const requests = createThrottle(bufferBytes);
  const responses = createThrottle(bufferBytes);
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    keep(client);
    keep(upstream);
    // A pipeline that fails destroys both sockets, which ends the other pipeline.
    pipeline(client, ...requests.stages(), upstream).catch(() => undefined);
    pipeline(upstream, ...responses.stages(), client).catch(() => undefined);
  });
  const ownPort = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${ownPort}`,
    requests,
    responses,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const throttle of [requests, responses]) throttle.set(Infinity);
      await closeServer(server);
    },
  };
}

type ThrottleStages = Throttle & {
  /** The stages of one connection: first its buffer, then the rate limit. */
  readonly stages: () => [Transform, Transform];
};

function createThrottle(bufferBytes: number): ThrottleStages {
  const limit = createRateLimit();
  let received = 0;
  const createBuffer = (): Transform =>
    new Transform({
      readableHighWaterMark: bufferBytes,
      transform: (chunk: Buffer, _encoding, done) => {
        received += chunk.length;
        done(null, chunk);
      },
    });
  return {
    set: limit.set,
    received: () => received,
    stages: () => [createBuffer(), createLimitedStage(limit)],
  };
}

type RateLimit = {
  readonly set: (bytesPerSecond: number) => void;
  /** Resolves once this many bytes may pass. */
  readonly admit: (bytes: number) => Promise<void>;
};

function createRateLimit(): RateLimit {
  let rate = Infinity;
  let nextAt = 0;
  /** Aborts when the rate changes. */
  let change = new AbortController();
  return {
    set: (bytesPerSecond) => {
      rate = bytesPerSecond;
      nextAt = 0;
      change.abort();
      change = new AbortController();
    },
    admit: async (bytes) => {
      while (rate === 0) await once(change.signal, "abort");
      if (rate === Infinity) return;
      const now = performance.now();
      nextAt = Math.max(nextAt, now) + (bytes / rate) * 1_000;
      await sleep(nextAt - now, undefined, { signal: change.signal }).catch(() => undefined);
    },
  };
}

/** Small, so that a new rate takes effect at once. */
const PIECE_BYTES = 16_384;

function createLimitedStage({ admit }: RateLimit): Transform {
  const stage: Transform = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const pushPieces = async (): Promise<void> => {
        for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
          const piece = chunk.subarray(start, start + PIECE_BYTES);
          await admit(piece.length);
          stage.push(piece);
        }
      };
      pushPieces().then(() => done(), done);
    },
  });
  return stage;
}
