import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { closeServer, listenOnLoopback } from "./listen.ts";

/**
 * - a status: the proxy responds with it, as S3 would, and the server does not see the request
 * - `hang`: no response
 * - `cut`: the connection breaks at once
 * - `drop reply`: the server handles the request, and the connection breaks before its response arrives
 * - `truncate`: the connection breaks after half of the response's body
 * - `flip`: one bit of the response's body is changed
 * - `delay`: the request arrives 100 ms later
 */
export type FaultyResponse = number | "hang" | "cut" | "drop reply" | "truncate" | "flip" | "delay";

/** What happens to some requests to an HTTP server. */
export type RequestFault = {
  /** Selects the requests. `query` includes parameters without a value: `POST …?uploads`. */
  readonly when: (request: { readonly method: string; readonly query: URLSearchParams }) => boolean;
  /** What happens to a selected request, or a function that decides it for each. */
  readonly response: FaultyResponse | (() => FaultyResponse);
  /** The S3 error code in a response with a status. */
  readonly code?: string;
};

const DELAY_MS = 100;

export type RequestFaults = {
  readonly url: string;
  readonly set: (fault: RequestFault | undefined) => void;
  /** The number of requests that a fault has been applied to. */
  readonly failed: () => number;
  readonly close: () => Promise<void>;
};

/** The HTTP half of a fault proxy: forwards requests byte for byte, except those that a fault selects. */
export async function startRequestFaults(target: string): Promise<RequestFaults> {
  let fault: RequestFault | undefined;
  let failed = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "" } = request;
    const query = new URL(url, target).searchParams;
    if (fault?.when({ method, query }) !== true) return forward(target, request, response);
    failed += 1;
    return applyFault(fault, target, request, response);
  };

  const server = createServer({ keepAlive: true, requestTimeout: 0 }, (request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    set: (next) => void (fault = next),
    failed: () => failed,
    close: async () => {
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

async function applyFault(
  { response: chosen, code = "InternalError" }: RequestFault,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const action = typeof chosen === "function" ? chosen() : chosen;
  if (action === "delay") {
    await sleep(DELAY_MS);
    return forward(target, request, response);
  }
  if (action === "truncate" || action === "flip") {
    return damage(action, await sendTo(target, request), response);
  }
  if (action === "cut") throw new Error("the connection is cut");
  if (action === "drop reply") {
    await sendTo(target, request);
    throw new Error("the reply is dropped");
  }
  request.resume();
  if (action === "hang") return;
  await new Promise((resolve) => request.once("end", resolve));
  response.writeHead(action, { "content-type": "application/xml", "retry-after": "0" });
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
  response.end(request.method === "HEAD" ? undefined : body);
}

/** Passes on a response whose body, which is read into memory, is damaged. */
async function damage(
  action: "truncate" | "flip",
  reply: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(reply);
  const middle = Math.floor(body.length / 2);
  response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
  if (action === "truncate") {
    await new Promise((resolve) => response.write(body.subarray(0, middle), resolve));
    throw new Error("the response is truncated");
  }
  body.writeUInt8(body.readUInt8(middle) ^ 1, middle);
  response.end(body);
}

async function forward(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await sendTo(target, request);
  response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
  await pipeline(reply, response);
}

/** Sends a request on with its original headers, which include the signed Host. Resolves with the start of the response. */
async function sendTo(target: string, request: IncomingMessage): Promise<IncomingMessage> {
  const { hostname, port } = new URL(target);
  const upstream = sendRequest({
    hostname,
    port,
    method: request.method,
    path: request.url,
    headers: request.rawHeaders,
    setHost: false,
    agent: false,
  });
  const replied = new Promise<IncomingMessage>((resolve, reject) =>
    upstream.once("response", resolve).once("error", reject),
  );
  // An error of `upstream` rejects `replied`.
  pipeline(request, upstream).catch(() => undefined);
  return replied;
}
