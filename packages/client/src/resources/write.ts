import type { WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";

/** The calls that send JSON and return a resource. */
export const createWrite =
  (transport: Transport) =>
  <T>(method: "POST" | "PATCH", path: string, json: unknown, options?: WriteOptions): Promise<T> =>
    transport.json({ method, path, json, options });
