import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { StorageConfig } from "./types.ts";

/** One client for the work, and one that signs links for the address that clients reach. */
export type Clients = {
  readonly work: S3Client;
  readonly links: S3Client;
  readonly close: () => void;
};

const silence = (): void => undefined;

/** Every failure reaches the caller as an error: the SDK's own lines on the console would only say it twice. */
const NO_LOG = { trace: silence, debug: silence, info: silence, warn: silence, error: silence };

const DEFAULT_TIMEOUT_MS = 30_000;

export const timeoutOf = (config: StorageConfig): number => config.timeoutMs ?? DEFAULT_TIMEOUT_MS;

/**
 * The SDK's clients, set up for any S3-compatible store.
 *
 * Checksums only WHEN_REQUIRED: the default adds CRC32 trailers, which some stores refuse and Ceph 16 does not verify. The payload of
 * a buffer (every part of an upload) is signed by its SHA-256 instead, which every store verifies, at 0.5 ms of CPU a MB.
 */
export function createClients(config: StorageConfig): Clients {
  const work = new S3Client(clientConfig(config, config.endpoint));
  const links =
    config.publicEndpoint === undefined
      ? work
      : new S3Client(clientConfig(config, config.publicEndpoint));
  return {
    work,
    links,
    close: () => {
      work.destroy();
      if (links !== work) links.destroy();
    },
  };
}

function clientConfig(config: StorageConfig, endpoint: string | undefined): S3ClientConfig {
  const { accessKeyId, secretAccessKey } = config;
  const timeoutMs = timeoutOf(config);
  return {
    region: config.region,
    forcePathStyle: config.forcePathStyle ?? config.endpoint !== undefined,
    // The SDK never repeats a request whose body is a stream.
    maxAttempts: 3,
    logger: NO_LOG,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: Math.min(5_000, timeoutMs),
      // Inactivity of the socket, and no limit on a whole request: a long upload that moves may take its time.
      socketTimeout: timeoutMs,
      httpAgent: { keepAlive: true, maxSockets: 64 },
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
}
