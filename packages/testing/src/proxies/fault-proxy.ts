import { connect, createServer } from "node:net";
import { addLink, breakLinks, createLinks } from "./links.ts";
import { closeServer, listenOnLoopback } from "./listen.ts";
import { startRequestFaults, type RequestFault } from "./request-faults.ts";

/**
 * A proxy on 127.0.0.1 in front of a real server, with which a test can make the server unavailable, entirely or in part, and
 * available again. It does not change any bytes, so that signed S3 requests stay valid.
 */
export type FaultProxy = {
  /** The given URL with the address of the proxy. */
  readonly through: (url: string) => string;
  /** Ends all faults. Resets connections that a fault has affected. */
  readonly pass: () => Promise<void>;
  /** Resets all connections and closes the port, so that new ones are refused. */
  readonly refuse: () => Promise<void>;
  /** Accepts connections but passes no bytes, like a broken network. */
  readonly hang: () => void;
  /** Resets all connections once the server has sent this many more bytes. Later connections pass. */
  readonly cutAfter: (bytes: number) => void;
  /** Passes the next client message that contains `text`, then resets the connection instead of passing the reply. */
  readonly dropReplyTo: (text: string) => void;
  /** Limits each connection, in each direction. */
  readonly slowDown: (bytesPerSecond: number) => void;
  /** Applies `fault` to matching requests until `pass`. Only for HTTP servers. */
  readonly failRequests: (fault: RequestFault) => void;
  /** The number of requests that a fault has been applied to. */
  readonly failedRequests: () => number;
  readonly close: () => Promise<void>;
};

/** Starts a proxy in front of the server at the URL `target`. */
export async function createFaultProxy(target: string): Promise<FaultProxy> {
  const requests = target.startsWith("http:") ? await startRequestFaults(target) : undefined;
  const { hostname, port } = new URL(requests?.url ?? target);
  const host = hostname.replaceAll(/[[\]]/g, "");
  const links = createLinks();
  const server = createServer((client) => addLink(links, client, connect(Number(port), host)));
  const ownPort = await listenOnLoopback(server);
  const refuse = async (): Promise<void> => {
    breakLinks(links);
    if (server.listening) await closeServer(server);
  };
  return {
    through: (url) => withAddress(url, ownPort),
    pass: async () => {
      if (links.fault.kind !== "none") breakLinks(links);
      links.fault = { kind: "none" };
      requests?.set(undefined);
      if (!server.listening) await listenOnLoopback(server, ownPort);
    },
    refuse,
    hang: () => void (links.fault = { kind: "hang" }),
    cutAfter: (bytes) => void (links.fault = { kind: "cut", bytesLeft: bytes }),
    dropReplyTo: (text) => void (links.fault = { kind: "drop reply", text }),
    slowDown: (bytesPerSecond) => void (links.fault = { kind: "slow", bytesPerSecond }),
    failRequests: (fault) => {
      if (requests === undefined) throw new Error("failRequests requires an HTTP server");
      requests.set(fault);
    },
    failedRequests: () => requests?.failed() ?? 0,
    close: async () => {
      await refuse();
      await requests?.close();
    },
  };
}

function withAddress(url: string, port: number): string {
  const changed = new URL(url);
  changed.hostname = "127.0.0.1";
  changed.port = String(port);
  return changed.href.replace(/\/$/, url.endsWith("/") ? "/" : "");
}
