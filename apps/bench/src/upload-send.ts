import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { BenchApi } from "./bench-stack.ts";

/** A file to upload, announced by its length or in chunks. */
export type Upload = { readonly file: Buffer; readonly chunked?: boolean };

const CHUNK_BYTES = 65_536;

/**
 * Uploads a file as evidence. By Node's own client: `fetch` copies the body for each request, and a hundred are under way.
 *
 * @throws Error when it is not taken.
 */
export async function sendUpload(
  { address }: Pick<BenchApi, "address">,
  token: string,
  disputeId: string,
  { file, chunked = false }: Upload,
): Promise<void> {
  const call = request(`${address}/v1/disputes/${disputeId}/evidence/upload?comment=bench`, {
    method: "POST",
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/pdf",
      ...(!chunked && { "content-length": file.length }),
    },
  });
  const answered = new Promise<void>((resolve, reject) => {
    call.once("error", reject);
    call.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("error", reject);
      response.once("end", () =>
        response.statusCode === 201
          ? resolve()
          : reject(new Error(`an upload was answered ${response.statusCode}: ${text}`)),
      );
    });
  });
  // Its failures are the answer's, too.
  await Promise.all([answered, pipeline(Readable.from(chunksOf(file)), call)]);
}

function* chunksOf(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES);
}
