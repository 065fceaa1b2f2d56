import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { authenticate, type Credentials } from "./authenticate.ts";
import { openBuckets, type Buckets } from "./buckets.ts";
import { route } from "./router.ts";
import { S3Error } from "./s3-error.ts";
import { parseTarget } from "./target.ts";
import { element } from "./xml.ts";

export type ObjectStoreOptions = Credentials & {
  /** Everything is kept below it; it is made when missing. One process at a time. */
  readonly directory: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Told of faults of the store itself, which clients see as InternalError. */
  readonly onError?: (error: unknown) => void;
};

export type ObjectStore = {
  readonly endpoint: string;
  readonly port: number;
  /** Stops taking requests and cuts off those that are under way: what was not answered was not stored. */
  readonly close: () => Promise<void>;
};

/** Only this machine reaches it. */
const HOST = "127.0.0.1";

/**
 * Starts an S3-compatible store on 127.0.0.1, for one machine without a real one: path style, SigV4 always, data on disk.
 * @throws when the directory cannot be used or the port is taken.
 */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const buckets = await openBuckets(options.directory);
  const { accessKeyId, secretAccessKey, region } = options;
  const context = {
    buckets,
    credentials: { accessKeyId, secretAccessKey, region },
    onError: options.onError,
  };
  const server = createServer(
    { keepAliveTimeout: 60_000, requestTimeout: 0 },
    (request, response) => {
      void handle(context, request, response);
    },
  );
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${HOST}:${port}`,
    port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

type Context = {
  readonly buckets: Buckets;
  readonly credentials: Credentials;
  readonly onError: ((error: unknown) => void) | undefined;
};

/** Never rejects: whatever happens becomes an answer, or the end of the connection. */
async function handle(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { buckets, credentials } = context;
  const requestId = randomUUID();
  response.setHeader("x-amz-request-id", requestId);
  try {
    const target = parseTarget(request.url ?? "");
    const payload = authenticate(request, target, credentials, Date.now());
    await route({ request, target })({ request, response, target, payload, buckets });
  } catch (error) {
    // The client has gone, or is in the middle of an answer: all that can be said is that it is not whole.
    if (response.headersSent || response.destroyed || request.errored !== null) {
      response.destroy();
      return;
    }
    const known = error instanceof S3Error ? error : new S3Error("InternalError");
    if (!(error instanceof S3Error)) context.onError?.(error);
    sendError(request, response, known, requestId);
  }
}

function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: S3Error,
  requestId: string,
): void {
  const resource = (request.url ?? "").split("?", 1)[0];
  const content =
    element("Code", error.code) +
    element("Message", error.message) +
    element("Resource", resource) +
    element("RequestId", requestId);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`;
  const hasBody = request.method !== "HEAD" && error.status !== 304;
  // A body that was not read to its end is left unread: this connection is of no further use.
  const headers = request.complete ? {} : { connection: "close" };
  response.writeHead(error.status, {
    ...headers,
    ...(hasBody
      ? { "content-type": "application/xml", "content-length": Buffer.byteLength(xml) }
      : {}),
  });
  response.end(hasBody ? xml : undefined);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
