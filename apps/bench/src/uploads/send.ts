import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { sendStream } from "../send-stream.ts";

export type EvidenceUpload = {
  readonly address: string;
  readonly token: string;
  readonly disputeId: string;
  readonly file: Buffer;
  /** Sends no Content-Length. Default: false. */
  readonly chunked?: boolean;
};

const CHUNK_BYTES = 65_536;
const RETRY_MS = 1_000;
const MAX_ATTEMPTS = 30;

/** Uploads a PDF as evidence, again while the API is busy. @throws Error unless the API responds with 201. */
export async function uploadEvidence(upload: EvidenceUpload, attempt = 1): Promise<void> {
  const { address, token, disputeId, file, chunked = false } = upload;
  const { status, text } = await sendStream({
    url: `${address}/v1/disputes/${disputeId}/evidence/upload?comment=bench`,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/pdf",
      ...(!chunked && { "content-length": file.length }),
    },
    body: Readable.from(chunksOf(file)),
  });
  if (status === 503 && attempt < MAX_ATTEMPTS) {
    await sleep(RETRY_MS);
    return uploadEvidence(upload, attempt + 1);
  }
  if (status !== 201) throw new Error(`The API answered an upload with ${status}: ${text}`);
}

function* chunksOf(file: Buffer): Generator<Buffer> {
  for (let start = 0; start < file.length; start += CHUNK_BYTES) {
    yield file.subarray(start, start + CHUNK_BYTES);
  }
}
