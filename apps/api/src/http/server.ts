import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Lifetime } from "@docket/platform";
import { holdContinue } from "./body/expect-continue.ts";
import { oneAtATime } from "./pipelining.ts";
import { limitWriteStall } from "./write-stall.ts";

/**
 * Node's default limit on a whole request (300 s) would cut off long uploads. Instead, a JSON body has 15 s (body/json.ts), a
 * streamed body has a minimum rate (body/minimum-rate.ts), an unread body 2 s (body/discard.ts), and the headers have the limit
 * below. docs/operations.md lists them.
 */
const LIMITS = {
  // Bytes of the URL and all headers together. It bounds the strings that their parsers work on.
  maxHeaderSize: 16_384,
  requestTimeout: 0,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the idle timeout of load balancers (usually 60 s), so that they never send to a closed connection.
  keepAliveTimeout: 65_000,
};

/** For requests in flight after SIGTERM. The whole shutdown must take less than 10 s (docs/api.md §6). */
const DRAIN_MS = 6_500;

/** Each connection may hold a response of about 1 MiB. Node closes further connections at once. */
const MAX_CONNECTIONS = 1_000;

const WRITE_STALL_MS = 60_000;

/**
 * A server that is not listening yet.
 *
 * @param writeStallMs closes the connection of a client that reads nothing of its response for this time.
 */
export function createHttpServer(
  handler: RequestListener,
  writeStallMs: number = WRITE_STALL_MS,
): Server {
  const handle = oneAtATime((request, response) => {
    limitWriteStall(response, writeStallMs);
    handler(request, response);
  });
  const server = createServer(LIMITS, handle).on("checkContinue", (request, response) => {
    holdContinue(request, response);
    handle(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  // Idle connections make room, so that a client which keeps many open cannot lock the others out.
  server.on("drop", () => server.closeIdleConnections());
  return server;
}

/** Listens, and resolves with the port. On close, it accepts no new connections and lets requests in flight finish. */
export async function listen(
  handler: RequestListener,
  where: { readonly port: number; readonly host?: string },
  lifetime: Lifetime,
): Promise<number> {
  const server = createHttpServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ port: where.port, host: where.host }, resolve);
  });
  lifetime.onClose("server", () => drain(server));
  return (server.address() as AddressInfo).port;
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A keep-alive connection becomes idle only after its last response.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
