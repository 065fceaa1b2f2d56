import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { allowCrossOrigin } from "./cross-origin.ts";
import { openBuckets, type Buckets } from "./disk/buckets.ts";
import { route } from "./router.ts";
import { S3Error } from "./s3-error.ts";
import { authenticate, type Credentials } from "./signing/authenticate.ts";
import { parseTarget } from "./target.ts";
import { element } from "./xml.ts";

export type ObjectStoreOptions = Credentials & {
  /** Holds all data. Created when it is missing. Only one process may use it at a time. */
  readonly directory: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Called with the store's own errors, which clients see as InternalError. */
  readonly onError?: (error: unknown) => void;
};

export type ObjectStore = {
  readonly endpoint: string;
  readonly port: number;
  /** Stops the server and disconnects its clients. A request that has not been answered has stored nothing. */
  readonly close: () => Promise<void>;
};

/** Loopback only. */
const HOST = "127.0.0.1";

/**
 * Starts an S3-compatible store on 127.0.0.1, for machines without an S3 server: path style, SigV4 required, data on disk.
 *
 * @throws Error when the directory cannot be used or the port is in use.
 */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { accessKeyId, secretAccessKey, region, onError } = options;
  const buckets = await openBuckets(options.directory);
  const credentials = { accessKeyId, secretAccessKey, region };
  const server = createServer(
    { keepAliveTimeout: 60_000, requestTimeout: 0 },
    (request, response) => {
      void handle({ buckets, credentials, onError }, request, response);
    },
  );
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://${HOST}:${port}`, port, close: () => close(server) };
}

type Store = {
  readonly buckets: Buckets;
  readonly credentials: Credentials;
  readonly onError: ((error: unknown) => void) | undefined;
};

/** Never rejects: every error becomes an answer, or ends the connection. */
async function handle(
  { buckets, credentials, onError }: Store,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  response.setHeader("x-amz-request-id", requestId);
  try {
    if (allowCrossOrigin(request, response)) return;
    const target = parseTarget(request.url ?? "");
    const payload = authenticate(request, target, credentials, Date.now());
    await route({ request, target })({ request, response, target, payload, buckets });
  } catch (error) {
    // The client is gone, or has part of the answer: an error can only be signaled by closing the connection.
    if (response.headersSent || response.destroyed || request.errored !== null) {
      response.destroy();
      return;
    }
    if (!(error instanceof S3Error)) onError?.(error);
    const s3Error = error instanceof S3Error ? error : new S3Error("InternalError");
    sendError(request, response, s3Error, requestId);
  }
}

function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: S3Error,
  requestId: string,
): void {
  const content =
    element("Code", error.code) +
    element("Message", error.message) +
    element("Resource", (request.url ?? "").split("?", 1)[0]) +
    element("RequestId", requestId);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`;
  const hasBody = request.method !== "HEAD" && error.status !== 304;
  response.writeHead(error.status, {
    // The rest of an unread request body would be taken for the next request.
    ...(!request.complete && { connection: "close" }),
    ...(hasBody && {
      "content-type": "application/xml",
      "content-length": Buffer.byteLength(xml),
    }),
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

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
