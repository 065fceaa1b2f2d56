import { request } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { createDocket, type Docket } from "@docket/client";

/** The API under attack, and what the attacking tenant has there. */
export type Target = {
  readonly address: string;
  /** One for each principal, because the rate limits are per principal. */
  readonly tokens: readonly string[];
  readonly contextId: string;
  readonly exceptionId: string;
  /** An open dispute without evidence. */
  readonly disputeId: string;
};

export type Call = {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer | Readable;
};

export type RawCall = Pick<Call, "method" | "path" | "headers"> & {
  /** Sent after the head once a second. */
  readonly drip?: string;
  /** The number of times that the head is sent. Default: 1. */
  readonly pipelined?: number;
};

export type Report = {
  /** How often the API answered with each status, or not at all. */
  readonly answers: Readonly<Record<string, number>>;
  /** One sentence per finding of the attack itself. */
  readonly faults: readonly string[];
};

/** The attacking tenant. */
export type Tenant = Target & {
  readonly client: Docket;
  /** Sends a request on a connection of its own and discards the answer. Never rejects. */
  readonly send: (call: Call) => Promise<void>;
  /** Sends a request slowly and reads the answer. Resolves when the connection is closed. Never rejects. */
  readonly sendSlowly: (call: RawCall) => Promise<void>;
  /** Sends requests and never reads the answers. Resolves when the connection is closed. Never rejects. */
  readonly sendUnread: (call: RawCall) => Promise<void>;
  readonly addFault: (fault: string) => void;
  readonly report: () => Report;
};

/** @param signal closes all connections. */
export function createTenant(target: Target, signal: AbortSignal): Tenant {
  const { address, tokens } = target;
  const answers: Record<string, number> = {};
  const faults: string[] = [];
  const count = (answer: string): void => {
    // An attack that is stopped cuts off its own requests.
    if (!signal.aborted) answers[answer] = (answers[answer] ?? 0) + 1;
  };
  let turn = 0;
  const nextToken = (): string => tokens[(turn += 1) % tokens.length]!;
  const raw = (call: RawCall, isRead: boolean): Promise<void> =>
    sendRaw({ address, token: nextToken(), call, isRead, count }, signal);
  return {
    ...target,
    client: createDocket({ baseUrl: address, token: tokens[0]!, signal }),
    send: async (call) => count(await sendCall(address, nextToken(), call, signal)),
    sendSlowly: (call) => raw(call, true),
    sendUnread: (call) => raw(call, false),
    addFault: (fault) => void faults.push(fault),
    report: () => ({ answers, faults }),
  };
}

/** @returns the status, or `none` */
function sendCall(
  address: string,
  token: string,
  { method = "GET", path, headers, body }: Call,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(`${address}${path}`, {
      method,
      agent: false,
      signal,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    outgoing.once("response", (incoming) => {
      incoming.once("close", () => resolve(String(incoming.statusCode)));
      incoming.on("error", () => undefined).resume();
      // The API answers an endless body and then closes the connection, or stops reading.
      incoming.once("end", () => outgoing.destroy());
    });
    outgoing.on("error", () => resolve("none"));
    outgoing.once("close", () => resolve("none"));
    if (body instanceof Readable) pipeline(body, outgoing).catch(() => undefined);
    else outgoing.end(body);
  });
}

type Raw = {
  readonly address: string;
  readonly token: string;
  readonly call: RawCall;
  readonly isRead: boolean;
  readonly count: (answer: string) => void;
};

const DRIP_INTERVAL_MS = 1_000;

function sendRaw({ address, token, call, isRead, count }: Raw, signal: AbortSignal): Promise<void> {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port) });
  const stop = (): void => void socket.destroy();
  signal.addEventListener("abort", stop, { once: true });
  const { drip = "", pipelined = 1 } = call;
  socket.write(headOf(call, token).repeat(pipelined));
  const timer = setInterval(() => socket.write(drip), DRIP_INTERVAL_MS);
  if (isRead) {
    socket.setEncoding("latin1").on("data", (text: string) => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      if (status !== undefined) count(status);
    });
  } else {
    count("unread");
  }
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.once("close", () => {
      clearInterval(timer);
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}

function headOf({ method = "GET", path, headers = {} }: RawCall, token: string): string {
  const all = { host: "docket", authorization: `Bearer ${token}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}
