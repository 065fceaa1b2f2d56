import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP, isIPv6, type LookupFunction, type Socket } from "node:net";
import { RefusedError, type OutboundPolicy, type Target } from "./policy.ts";
import type { Resolve } from "./resolve.ts";

export type OutboundTools = { readonly policy: OutboundPolicy; readonly resolve: Resolve };

export type OutboundRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the request. */
  readonly signal: AbortSignal;
};

export type OutboundResponse = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the body. */
  readonly body: string;
};

/** From the resolution of the name to the last byte that is read (docs/api.md §9). */
const TIMEOUT_MS = 15_000;
const MAX_BODY_BYTES = 1_024;
const MAX_HEADER_BYTES = 16_384;

/** There was no response in time. */
export class RequestTimeoutError extends Error {
  override readonly name = "RequestTimeoutError";
}

/**
 * Sends a POST and returns the response, also that of a failure or a redirect, which is not followed. Connects only to addresses that
 * the policy allows: each request resolves the name once, and connects to an address of that answer.
 *
 * @throws RefusedError if the policy refuses the URL or all addresses of its name; otherwise the error of the connection.
 */
export async function postOutbound(
  tools: OutboundTools,
  request: OutboundRequest,
): Promise<OutboundResponse> {
  const target = tools.policy.targetOf(request.url);
  const deadline = new AbortController();
  const onAbort = (): void => deadline.abort(request.signal.reason);
  const timer = setTimeout(() => deadline.abort(new RequestTimeoutError()), TIMEOUT_MS);
  request.signal.addEventListener("abort", onAbort, { once: true });
  try {
    request.signal.throwIfAborted();
    const response = await send(tools, target, request, deadline.signal);
    const { statusCode = 0, headers } = response;
    const body = await beginningOf(response);
    return { status: statusCode, retryAfter: headers["retry-after"], body };
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", onAbort);
  }
}

function send(
  tools: OutboundTools,
  target: Target,
  { headers, body }: OutboundRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, host, port, isPlain } = target;
  return new Promise((resolve, reject) => {
    const request = (isPlain ? http : https).request({
      method: "POST",
      host,
      port,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, Host: url.host, "Content-Length": String(Buffer.byteLength(body)) },
      // A connection of its own, so that the address of every request is checked.
      agent: false,
      lookup: createLookup(tools, target),
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
      ...(isIP(host) === 0 && { servername: host.replace(/\.$/, "") }),
    });
    // The lookup has checked the address already; this holds whatever the connection was made by.
    request.once("socket", (socket) => destroyUnlessAllowed(socket, tools, target));
    request.once("response", resolve);
    request.on("error", reject);
    request.once("close", () => reject(new Error("the connection was closed")));
    request.end(body);
  });
}

function destroyUnlessAllowed(socket: Socket, { policy }: OutboundTools, target: Target): void {
  socket.once("connect", () => {
    if (!policy.mayConnect(socket.remoteAddress ?? "", target)) socket.destroy(refused());
  });
}

/** Passes on only those addresses of a name that the policy allows. Node connects to one of them and resolves nothing itself. */
function createLookup({ policy, resolve }: OutboundTools, target: Target): LookupFunction {
  return (hostname, options, callback) => {
    const answer = async (): Promise<void> => {
      const addresses = (await resolve(hostname)).filter((each) => policy.mayConnect(each, target));
      const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
      const [first] = found;
      if (first === undefined) throw refused();
      if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    };
    answer().catch((error: NodeJS.ErrnoException) => callback(error, ""));
  };
}

const refused = (): RefusedError => new RefusedError("resolves to no address that is allowed");

/** Reads up to 1 KiB and closes the connection. What cannot be read any more is left out: the status has arrived. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_BODY_BYTES) break;
    }
  } catch {
    // The body ended early.
  } finally {
    response.destroy();
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString("utf8");
  // Postgres cannot store NUL in text. It, and what is not UTF-8, becomes longer, so the text is cut once more, between characters.
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Buffer.from(text.replaceAll("\0", "\ufffd")).subarray(0, MAX_BODY_BYTES),
    { stream: true },
  );
}
