import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";

/** One direction of a slow line. */
export interface Pace {
  /** Bytes a second over all connections together; `Infinity`: as they come; 0: accepted and kept back. */
  set(bytesPerSecond: number): void;
  /** Bytes that have come in so far, passed on or kept back. */
  taken(): number;
}

/** A slow line to a server. What a client had sent before it died still arrives, as on a real network. */
export interface SlowProxy {
  readonly url: string;
  readonly requests: Pace;
  readonly answers: Pace;
  /** Breaks all connections. */
  close(): Promise<void>;
}

export interface SlowProxyOptions {
  /** What the line itself holds, in each direction of each connection. Default: 64 KiB. */
  readonly bufferBytes?: number;
}

/** Small, so that a new pace counts at once. */
const PIECE_BYTES = 16_384;

/** Listens on 127.0.0.1 and passes everything on to `target`, at first as fast as it comes. */
export async function createSlowProxy(
  target: string,
  { bufferBytes = 65_536 }: SlowProxyOptions = {},
): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const requests = createGate(bufferBytes);
  const answers = createGate(bufferBytes);
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    keep(near);
    keep(far);
    // A pipeline that fails destroys both sockets, and so ends the other one.
    void pipeline(near, ...requests.stages(), far).catch(() => undefined);
    void pipeline(far, ...answers.stages(), near).catch(() => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const gate of [requests, answers]) gate.set(Infinity);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Gate = Pace & {
  /** What a connection's bytes go through: first what the line holds, then the slow end of it. */
  stages(): [Transform, Transform];
};

function createGate(bufferBytes: number): Gate {
  let rate = Infinity;
  let freeAt = 0;
  let taken = 0;
  let change = createChange();

  const pass = async (bytes: number): Promise<void> => {
    while (rate === 0) await change.promise;
    if (rate === Infinity) return;
    const now = performance.now();
    freeAt = Math.max(freeAt, now) + (bytes / rate) * 1_000;
    await Promise.race([pause(freeAt - now), change.promise]);
  };

  const held = (): Transform =>
    new Transform({
      readableHighWaterMark: bufferBytes,
      transform: (chunk: Buffer, _encoding, done) => {
        taken += chunk.length;
        done(null, chunk);
      },
    });

  const slow = (): Transform => {
    const stage: Transform = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        const pieces = async (): Promise<void> => {
          for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
            const piece = chunk.subarray(at, at + PIECE_BYTES);
            await pass(piece.length);
            stage.push(piece);
          }
        };
        pieces().then(() => done(), done);
      },
    });
    return stage;
  };

  return {
    set: (bytesPerSecond) => {
      rate = bytesPerSecond;
      freeAt = 0;
      change.resolve();
      change = createChange();
    },
    taken: () => taken,
    stages: () => [held(), slow()],
  };
}

/** Something that many wait for and that happens once. */
function createChange(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
