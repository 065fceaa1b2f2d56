import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";

import { closeServer, listenOnLoopback } from "./proxies/listen.ts";

type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

type WebhookReceiver = { readonly url: string; readonly close: () => Promise<void> };

/** Starts a receiver on loopback that accepts every webhook. `onEvent` gets the subject, and when the request arrived (`performance.now()`). */
export async function startWebhookReceiver(
  onEvent: (subject: string, at: number) => void,
): Promise<WebhookReceiver> {
  const receive: RequestHandler = async (request, response) => {
    const at = performance.now();
    const { subject } = (await json(request)) as { readonly subject: string };
    response.writeHead(204).end();
    onEvent(subject, at);
  };
  const server = createServer((request, response) => void receive(request, response));
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      const closed = closeServer(server);
      server.closeAllConnections();
      await closed;
    },
  };
}
