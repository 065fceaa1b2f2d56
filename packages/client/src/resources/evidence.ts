import { openDownload, type Download } from "../download.ts";
import { DocketError } from "../error.ts";
import type {
  AddDisputeEvidenceRequest,
  Dispute,
  DownloadLink,
  UploadDisputeEvidenceParams,
} from "../generated/api-types.ts";
import { toBase64, toHex } from "../sha256.ts";
import type { CallOptions, WriteOptions } from "../transport/options.ts";
import type { Transport } from "../transport/transport.ts";
import { createUpload, digestOf, type UploadSource } from "../transport/upload.ts";
import { disputePath } from "./disputes.ts";

export type EvidenceUpload = UploadDisputeEvidenceParams & {
  /** Default: the type of a Blob. Required otherwise. One of the types in docs/api.md §4. */
  readonly contentType?: string;
};

export type UploadOptions = WriteOptions & {
  /** Called while the file is sent. */
  readonly onProgress?: (sentBytes: number) => void;
};

/** Evidence of disputes (docs/api.md §4). */
export function evidenceCalls(transport: Transport) {
  const get = async <T>(path: string, options?: CallOptions): Promise<T> =>
    transport.json<T>({ method: "GET", path, options });
  const filePath = (disputeId: string, evidenceId: string): string =>
    `${disputePath(disputeId)}/evidence/${encodeURIComponent(evidenceId)}/download`;
  return {
    /**
     * Adds evidence that is a link.
     *
     * @example
     * await docket.evidence.add(disputeId, { comment: "The contract", fileUrl: "https://files.example/contract.pdf" });
     */
    add: async (
      disputeId: string,
      request: AddDisputeEvidenceRequest,
      options?: WriteOptions,
    ): Promise<Dispute> => {
      const path = `${disputePath(disputeId)}/evidence`;
      return transport.json<Dispute>({ method: "POST", path, json: request, options });
    },
    /**
     * Uploads a file as evidence. Its SHA-256 is compared on both sides: by the API when it is known before the upload, and in
     * any case here, with the stored file.
     *
     * @throws DocketError `upload_corrupt` when the stored file differs
     * @example
     * const file = new Blob([bytes], { type: "application/pdf" });
     * await docket.evidence.upload(disputeId, file, { comment: "The statement", fileName: "statement.pdf", kind: "BANK_STATEMENT" });
     */
    upload: (
      disputeId: string,
      file: UploadSource,
      about: EvidenceUpload,
      options?: UploadOptions,
    ): Promise<Dispute> => uploadFile(transport, disputeId, file, about, options),
    /**
     * Downloads uploaded evidence. The stream fails at its end if the size or the SHA-256 differ.
     *
     * @example
     * const { fileName, stream } = await docket.evidence.download(disputeId, evidenceId);
     */
    download: (disputeId: string, evidenceId: string, options?: CallOptions): Promise<Download> => {
      const path = filePath(disputeId, evidenceId);
      const locate = async () => {
        const link = await get<DownloadLink>(path, options);
        const { evidence } = await get<Dispute>(disputePath(disputeId), options);
        // The API takes IDs in capital letters, too.
        const wanted = evidenceId.toLowerCase();
        const file = evidence.find(({ id }) => id.toLowerCase() === wanted)?.file;
        if (file !== undefined) return { link, sizeBytes: file.sizeBytes };
        const detail = "the dispute has no such file";
        throw new DocketError(`GET ${path}`, { code: "not_found", detail });
      };
      return openDownload(transport, locate, options);
    },
    /**
     * A link to uploaded evidence that needs no token, for a browser that saves the file itself.
     *
     * @example
     * const { downloadUrl } = await docket.evidence.downloadLink(disputeId, evidenceId);
     */
    downloadLink: (
      disputeId: string,
      evidenceId: string,
      options?: CallOptions,
    ): Promise<DownloadLink> => get(filePath(disputeId, evidenceId), options),
  };
}

async function uploadFile(
  transport: Transport,
  disputeId: string,
  file: UploadSource,
  { contentType, ...about }: EvidenceUpload,
  { onProgress, ...options }: UploadOptions = {},
): Promise<Dispute> {
  const path = `${disputePath(disputeId)}/evidence/upload`;
  const digest = await digestOf(file);
  const upload = await createUpload(file, onProgress);
  const named = file instanceof Blob && "name" in file ? { fileName: String(file.name) } : {};
  const headers = {
    "content-type": contentType ?? (file instanceof Blob ? file.type : "application/octet-stream"),
    // RFC 9530: the API refuses a body with another digest.
    ...(digest !== undefined && { "content-digest": `sha-256=:${toBase64(digest)}:` }),
  };
  const query = { ...named, ...about };
  const spec = { method: "POST", path, query, upload, headers, options } as const;
  const dispute = await transport.json<Dispute>(spec);
  const sha256 = toHex(digest ?? (await upload.sentDigest()));
  if (dispute.evidence.some((each) => each.file?.sha256 === sha256)) return dispute;
  const detail = "the stored file differs from the one that was sent";
  throw new DocketError(`POST ${path}`, { code: "upload_corrupt", detail });
}
