import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Lifetime } from "@docket/platform";
import { continueWhenRead } from "./expect-continue.ts";

/**
 * Node's own limit on how long a request may take (300 s) would cut off long uploads, so there is none: a JSON body has
 * 15 s (http/body.ts), a streamed one must keep coming (http/idle-limit.ts), and headers have the limit below.
 */
const TIMEOUTS = {
  requestTimeout: 0,
  headersTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the minute for which load balancers keep connections: they close first, and meet no closed one.
  keepAliveTimeout: 65_000,
};

/** What requests in flight have left after SIGTERM; the process has 9 s for everything (contract §6: 10). */
const DRAIN_MS = 6_500;

/** A server that does not listen yet. */
export const createHttpServer = (handler: RequestListener): Server =>
  createServer(TIMEOUTS, handler).on("checkContinue", (request, response) => {
    continueWhenRead(request, response);
    handler(request, response);
  });

/** Listens, and returns the port. On close no new connection is taken, and requests in flight may finish. */
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
  // A connection kept alive is idle again after its last answer: swept up as long as there are any.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}
