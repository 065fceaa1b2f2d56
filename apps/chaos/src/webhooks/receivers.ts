import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { webhooks, type WebhookEvent } from "@docket/client";
import type { Random } from "@docket/demo-data";

import type { Arrival } from "./judge.ts";

/** A receiver of webhooks that keeps what arrives. */
export type Receiver = {
  readonly name: string;
  readonly url: string;
  readonly maxInFlight: number;
  readonly arrivals: () => readonly Arrival[];
  /** Requests with a wrong signature. */
  readonly forged: () => number;
  /** The secret of its endpoint. */
  readonly trust: (secret: string) => void;
  /** Closes the port and every connection for a while. */
  readonly die: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Behavior = Pick<Receiver, "name" | "maxInFlight"> & {
  /** The status of the answer. */
  readonly answer: (random: Random) => Promise<number>;
};

const SLOW_MS = 60;

const BEHAVIORS: readonly Behavior[] = [
  {
    name: "slow",
    maxInFlight: 4,
    answer: async () => {
      await sleep(SLOW_MS);
      return 204;
    },
  },
  { name: "failing", maxInFlight: 4, answer: async (random) => (random.chance(50) ? 500 : 204) },
  { name: "dying", maxInFlight: 1, answer: async () => 204 },
];

/** One that is slow, one that fails half of the time, and one whose process can die. */
export const startReceivers = (random: Random): Promise<readonly Receiver[]> =>
  Promise.all(BEHAVIORS.map((behavior) => startReceiver(behavior, random)));

async function startReceiver(
  { name, maxInFlight, answer }: Behavior,
  random: Random,
): Promise<Receiver> {
  /** In the order in which the requests came. Undefined until a request is verified. */
  const places: (Arrival | undefined)[] = [];
  let secret = "";
  let forged = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const place = places.push(undefined) - 1;
    let event: WebhookEvent;
    try {
      const body = Buffer.concat(await request.toArray());
      event = await webhooks.verify({ headers: request.headers, body }, secret);
    } catch {
      // A worker that is killed while it sends is not a forger.
      if (request.complete) forged += 1;
      response.writeHead(400).end();
      return;
    }
    const status = await answer(random);
    places[place] = { id: event.id, seq: event.seq, isAccepted: status === 204 };
    response.writeHead(status).end();
  };
  let server = await listen(handle, 0);
  const { port } = server.address() as AddressInfo;
  return {
    name,
    maxInFlight,
    url: `http://127.0.0.1:${port}/`,
    arrivals: () => places.filter((place) => place !== undefined),
    forged: () => forged,
    trust: (given) => void (secret = given),
    die: async (milliseconds, signal) => {
      await stop(server);
      await sleep(milliseconds, undefined, { signal });
      server = await listen(handle, port);
    },
    close: () => stop(server),
  };
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
