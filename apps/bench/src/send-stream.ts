import { request } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export type StreamRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Readable;
};

/**
 * POSTs a stream on a connection of its own and returns the response.
 *
 * Uses `node:http` because `fetch` copies the body, which distorts the timing and the memory of many parallel requests.
 */
export async function sendStream({
  url,
  headers,
  body,
}: StreamRequest): Promise<{ readonly status: number; readonly text: string }> {
  const call = request(url, { method: "POST", agent: false, headers });
  const response = new Promise<{ status: number; text: string }>((resolve, reject) => {
    call.once("error", reject);
    call.once("response", (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (part: string) => (text += part));
      incoming.once("error", reject);
      incoming.once("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
  });
  // A refusal may arrive, and end the connection, before everything is sent. Other failures also reject `response`.
  const sent = pipeline(body, call).catch(() => undefined);
  const [result] = await Promise.all([response, sent]);
  return result;
}
