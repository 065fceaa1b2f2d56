import type { Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";

/** What happens to the bytes that pass through. */
export type Fault =
  | { readonly kind: "none" | "hang" }
  | { readonly kind: "cut"; bytesLeft: number }
  | { readonly kind: "drop reply"; readonly text: string }
  | { readonly kind: "slow"; readonly bytesPerSecond: number };

type Link = { readonly client: Socket; readonly server: Socket };

/** The open connections of a proxy, and the fault that applies to all of them. */
export type Links = { fault: Fault; readonly open: Set<Link> };

export const createLinks = (): Links => ({ fault: { kind: "none" }, open: new Set() });

/** Resets all connections. */
export function breakLinks({ open }: Links): void {
  for (const { client, server } of open) {
    client.resetAndDestroy();
    server.destroy();
  }
}

/** Passes bytes between a client and its server, subject to the current fault. */
export function addLink(links: Links, client: Socket, server: Socket): void {
  const link = { client, server };
  links.open.add(link);
  const end = (): void => {
    links.open.delete(link);
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on("error", () => undefined).once("close", end);
  client.pipe(createRequestStage(links, link)).pipe(server);
  server.pipe(createReplyStage(links)).pipe(client);
}

const createRequestStage = (links: Links, link: Link): Transform =>
  createStage(links, (chunk, done) => {
    const { fault } = links;
    if (fault.kind === "drop reply" && chunk.includes(fault.text)) {
      links.fault = { kind: "none" };
      dropReply(link);
    }
    done(null, chunk);
  });

const createReplyStage = (links: Links): Transform =>
  createStage(links, (chunk, done) => {
    const { fault } = links;
    if (fault.kind === "cut") {
      fault.bytesLeft -= chunk.length;
      if (fault.bytesLeft <= 0) {
        links.fault = { kind: "none" };
        breakLinks(links);
        return;
      }
    }
    done(null, chunk);
  });

/** Handles the faults of both directions, and leaves the rest to `transform`. */
const createStage = (
  links: Links,
  transform: (chunk: Buffer, done: TransformCallback) => void,
): Transform =>
  new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      const { fault } = links;
      if (fault.kind === "hang") return;
      if (fault.kind === "slow")
        setTimeout(done, (chunk.length / fault.bytesPerSecond) * 1_000, null, chunk);
      else transform(chunk, done);
    },
  });

/** Resets the client's connection when the server replies, which shows that it has handled the request. */
function dropReply({ client, server }: Link): void {
  server.unpipe();
  server.once("data", () => client.resetAndDestroy()).resume();
}
