import { isIP } from "node:net";
import { createNetworks, isPublicAddress, withoutTranslation } from "./networks.ts";

/** Where a request goes. */
export type Target = {
  readonly url: URL;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Plain http. */
  readonly isPlain: boolean;
};

/** Decides where the server may send requests that its users ask for (docs/api.md §9). */
export type OutboundPolicy = {
  /** The target of a URL. Resolves no name. @throws RefusedError if requests to it are refused whatever its name resolves to. */
  readonly targetOf: (url: string) => Target;
  /** True if a request to `target` may connect to `address`. */
  readonly mayConnect: (address: string, target: Target) => boolean;
};

/** The policy refuses a URL or an address. The message completes the sentence "url …". */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** @param allowedNetworks networks beside the public internet. They may be reached on any port and by plain http. */
export function createOutboundPolicy(allowedNetworks: readonly string[]): OutboundPolicy {
  const allowed = createNetworks(allowedNetworks);
  const mayConnect: OutboundPolicy["mayConnect"] = (address, { port, isPlain }) => {
    if (isIP(address) === 0) return false;
    if (allowed.has(address) || allowed.has(withoutTranslation(address))) return true;
    return !isPlain && (port === 443 || port > 1_023) && isPublicAddress(address);
  };
  return {
    mayConnect,
    targetOf: (text) => {
      const target = parseTarget(text);
      const address = isLocalName(target.host) ? "127.0.0.1" : target.host;
      if (isIP(address) !== 0) {
        if (!mayConnect(address, target)) throw new RefusedError("must not address this host");
        return target;
      }
      // A name may resolve to a network that is allowed.
      if (allowedNetworks.length > 0) return target;
      if (target.isPlain) throw new RefusedError("must be an https URL");
      if (target.port !== 443 && target.port <= 1_023)
        throw new RefusedError("must have the port 443 or one above 1023");
      return target;
    },
  };
}

/** Names that always are this machine (RFC 6761, §6.3). */
export const isLocalName = (host: string): boolean => /^(?:.*\.)?localhost\.?$/.test(host);

/** White space, controls and backslashes, which URL removes or replaces, so that a reader would see another host. */
const AMBIGUOUS = /[\s\p{Cc}\\]/u;

const MAX_NAME_LENGTH = 253;

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * True for a name of labels, with or without the dot at the end. URL has converted it to lower case and to ASCII. One pattern for the
 * whole name would backtrack exponentially.
 */
function isName(host: string): boolean {
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return name.length <= MAX_NAME_LENGTH && name.split(".").every((label) => LABEL.test(label));
}

function parseTarget(text: string): Target {
  if (AMBIGUOUS.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text))
    throw new RefusedError("must be an https URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || /^https?:\/\/[^/?#]*@/i.test(text))
    throw new RefusedError("must not contain credentials");
  // URL has converted the other notations of IPv4 addresses, such as 2130706433, 0x7f.1 and 127.0.0.1. with a dot.
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(host) === 0 && !isName(host)) throw new RefusedError("must have a valid host");
  const isPlain = url.protocol === "http:";
  const port = url.port === "" ? (isPlain ? 80 : 443) : Number(url.port);
  if (port === 0) throw new RefusedError("must not have the port 0");
  return { url, host, port, isPlain };
}
