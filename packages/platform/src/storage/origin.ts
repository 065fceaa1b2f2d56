import { createClients } from "./client.ts";
import { presignDownload } from "./objects.ts";
import type { StorageConfig } from "./types.ts";

/** Any credentials will do: the URL is not used. */
const KEYS = { accessKeyId: "none", secretAccessKey: "none" };

/** The origin of the download URLs that a storage with `config` presigns. Connects to nothing. */
export async function downloadOrigin(config: StorageConfig): Promise<string> {
  const { links, close } = createClients({ ...config, ...KEYS });
  const file = { key: "key", fileName: "file", contentType: "text/plain", expiresInSeconds: 1 };
  try {
    return new URL(await presignDownload(links, config.bucket, file)).origin;
  } finally {
    close();
  }
}
