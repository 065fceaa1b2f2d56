import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Transform } from "node:stream";
import { startRequestFaults, type RequestFault } from "./request-faults.ts";

/**
 * Stands on 127.0.0.1 before a real server, so that a test can take the server away, or a part of its answers, and give it back.
 * Bytes pass unchanged: an S3 server finds its requests signed for the host that it is told.
 */
export interface FaultProxy {
  /** `url` by way of the proxy. */
  through(url: string): string;
  /** Everything goes through again. Connections that were held up are broken. */
  pass(): Promise<void>;
  /** Breaks all connections and closes the port: new ones are refused. */
  refuse(): Promise<void>;
  /** Goes silent, as a broken network does: connections stay, are taken too, and nothing comes through. */
  hang(): void;
  /** Breaks all connections once so many more bytes have come from the server; those made after that pass. */
  cutAfter(bytes: number): void;
  /** Passes the next message of a client that holds `text`, and breaks that connection in place of the answer. */
  loseAnswerTo(text: string): void;
  /** Lets so many bytes a second through, on each connection and in each direction. */
  slowDown(bytesPerSecond: number): void;
  /** HTTP servers only: what is to happen to the requests that `fault` picks, until `pass`. */
  failRequests(fault: RequestFault): void;
  /** Requests that a fault was made of so far. */
  failedRequests(): number;
  close(): Promise<void>;
}

type Fault =
  | { readonly kind: "none" | "hang" }
  | { readonly kind: "cut"; left: number }
  | { readonly kind: "lose"; readonly text: string }
  | { readonly kind: "slow"; readonly bytesPerSecond: number };

/** Starts a proxy before the server of `target`, a URL. */
export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const requests = target.startsWith("http:") ? await startRequestFaults(target) : undefined;
  const { hostname, port } = new URL(requests?.url ?? target);
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let fault: Fault = { kind: "none" };

  const breakAll = (): void => {
    for (const { near, far } of pairs) {
      // A reset, and not an orderly end.
      near.resetAndDestroy();
      far.destroy();
    }
  };

  /** Carries bytes one way, as the fault of the moment has it. */
  const carry = (from: Socket, to: Socket, isAnswer: boolean, lose: () => void): void => {
    const stage = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        if (fault.kind === "hang") return;
        if (fault.kind === "slow") {
          setTimeout(done, (chunk.length / fault.bytesPerSecond) * 1_000, null, chunk);
          return;
        }
        if (fault.kind === "cut" && isAnswer) {
          fault.left -= chunk.length;
          if (fault.left <= 0) {
            fault = { kind: "none" };
            breakAll();
            return;
          }
        }
        if (fault.kind === "lose" && !isAnswer && chunk.includes(fault.text)) {
          fault = { kind: "none" };
          lose();
        }
        done(null, chunk);
      },
    });
    from.pipe(stage).pipe(to);
  };

  const take = (near: Socket): void => {
    const far = connect(Number(port), hostname.replaceAll(/[[\]]/g, ""));
    const pair = { near, far };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("error", () => undefined).once("close", end);
    // The server has done it once it answers.
    const lose = (): void => {
      far.unpipe();
      far.once("data", () => near.resetAndDestroy()).resume();
    };
    carry(near, far, false, lose);
    carry(far, near, true, lose);
  };

  const server = createServer(take);
  await listen(server, 0);
  const own = (server.address() as AddressInfo).port;
  const refuse = async (): Promise<void> => {
    breakAll();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };

  return {
    through: (url) => {
      const changed = new URL(url);
      changed.hostname = "127.0.0.1";
      changed.port = String(own);
      return changed.href.replace(/\/$/, url.endsWith("/") ? "/" : "");
    },
    pass: async () => {
      if (fault.kind !== "none") breakAll();
      fault = { kind: "none" };
      requests?.set(undefined);
      if (!server.listening) await listen(server, own);
    },
    refuse,
    hang: () => {
      fault = { kind: "hang" };
    },
    cutAfter: (bytes) => {
      fault = { kind: "cut", left: bytes };
    },
    loseAnswerTo: (text) => {
      fault = { kind: "lose", text };
    },
    slowDown: (bytesPerSecond) => {
      fault = { kind: "slow", bytesPerSecond };
    },
    failRequests: (wanted) => {
      if (requests === undefined) throw new Error("failRequests is for HTTP servers");
      requests.set(wanted);
    },
    failedRequests: () => requests?.failed() ?? 0,
    close: async () => {
      await refuse();
      await requests?.close();
    },
  };
}

const TRIES = 50;

/** Takes `port`; one that somebody else has for a moment is asked for again. */
async function listen(server: Server, port: number): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(port, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      server.removeAllListeners("error");
      if (left === 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
