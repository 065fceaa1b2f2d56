import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** What becomes of some requests to an HTTP server. */
export interface RequestFault {
  /** Picks them. `query` keeps names without a value: `POST …?uploads`. */
  readonly when: (request: { readonly method: string; readonly query: URLSearchParams }) => boolean;
  /**
   * A status: answered with it, as S3 words an error, and the server never hears of it. `hang`: no answer.
   * `cut`: the connection breaks at once. `lose answer`: the server does it, and the connection breaks before it can say so.
   */
  readonly answer: number | "hang" | "cut" | "lose answer";
  /** S3's code of an answer with a status. */
  readonly code?: string;
}

/** The HTTP half of a fault proxy: forwards requests byte for byte, but for those that a fault is made of. */
export async function startRequestFaults(target: string) {
  const { hostname, port } = new URL(target);
  let fault: RequestFault | undefined;
  let failed = 0;

  const forward = async (
    request: IncomingMessage,
    response: ServerResponse,
    loseAnswer: boolean,
  ): Promise<void> => {
    // The signed Host among them: rawHeaders as they came, and none of Node's own.
    const options = { hostname, port, method: request.method, path: request.url };
    const upstream = send({
      ...options,
      headers: request.rawHeaders,
      setHost: false,
      agent: false,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      upstream.once("response", resolve).once("error", reject),
    );
    const sending = pipeline(request, upstream);
    sending.catch(() => undefined);
    const answer = await answered;
    if (loseAnswer) throw new Error("lost");
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    await pipeline(answer, response);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url = "" } = request;
    const query = new URL(url, target).searchParams;
    const answer = fault?.when({ method, query }) === true ? fault.answer : undefined;
    if (answer !== undefined) failed += 1;
    if (answer === undefined || answer === "lose answer") {
      await forward(request, response, answer === "lose answer");
      return;
    }
    if (answer === "cut") throw new Error("cut");
    const code = fault?.code ?? "InternalError";
    request.resume();
    if (answer === "hang") return;
    await new Promise((resolve) => request.once("end", resolve));
    response.writeHead(answer, { "content-type": "application/xml" });
    response.end(
      method === "HEAD" ? undefined : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`,
    );
  };

  const server = createServer({ keepAlive: true, requestTimeout: 0 }, (request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (wanted: RequestFault | undefined): void => {
      fault = wanted;
    },
    failed: (): number => failed,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
