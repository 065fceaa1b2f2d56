import { request as open, type ClientRequest, type IncomingHttpHeaders } from "node:http";
import type { Tenant } from "./tenant.ts";
import { validToken } from "./tokens.ts";

export const MIB = 1_048_576;

/** A file of `bytes` bytes that begins with the magic number of its type. */
export function aFile(type: string, bytes: number): Buffer {
  const heads: Readonly<Record<string, string>> = {
    "application/pdf": "%PDF-1.7\n",
    "image/png": "\x89PNG\r\n\x1a\n",
    "image/jpeg": "\xff\xd8\xff\xe0",
    "text/csv": "date;amount\n",
  };
  const file = Buffer.alloc(bytes, 0x61);
  file.write(heads[type] ?? "", "latin1");
  return file;
}

/** Counts of a tenant's objects and rows, and of those without a counterpart. */
export type Balance = {
  readonly rows: number;
  readonly objects: number;
  readonly rowsWithoutObject: number;
  readonly objectsWithoutRow: number;
  /** Registered objects that are not committed. */
  readonly uncommitted: number;
  readonly openUploads: number;
};

export type UploadOptions = {
  readonly type?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunked?: boolean;
};

export type UploadAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  // oxlint-disable-next-line typescript/no-explicit-any -- any response of the API, as in supertest
  readonly body: any;
};

/** Who uploads, and to which port. */
type Uploader = { readonly tenantId: string; readonly stage: { readonly port: number } };

export type Sending = Promise<UploadAnswer> & {
  readonly expect: (status: number) => Promise<UploadAnswer>;
};

/** Uploads a file with a Content-Length, or chunked, which supertest cannot do. */
export function upload(
  tenant: Uploader,
  disputeId: string,
  file: Buffer,
  { type = "text/csv", query, headers = {}, chunked = false }: UploadOptions = {},
): Sending {
  const how = chunked
    ? { "Transfer-Encoding": "chunked" }
    : { "Content-Length": String(file.length) };
  const all = { "Content-Type": type, ...how, ...headers };
  const { sent, answer } = rawUpload(tenant, disputeId, all, query);
  if (chunked)
    for (let at = 0; at < file.length; at += 65_536) sent.write(file.subarray(at, at + 65_536));
  else if (file.length > 0) sent.write(file);
  sent.end();
  const settled = answer.then((found) => {
    if (found === undefined) throw new Error("the connection broke before an answer came");
    return found;
  });
  const expecting = async (status: number): Promise<UploadAnswer> => {
    const found = await settled;
    if (found.status === status) return found;
    throw new Error(`${status} expected, not ${found.status}: ${JSON.stringify(found.body)}`);
  };
  return Object.assign(settled, { expect: expecting });
}

/** Starts an upload whose body the test writes. `answer` is undefined if the connection broke. */
export function rawUpload(
  { tenantId, stage }: Uploader,
  disputeId: string,
  headers: Readonly<Record<string, string>> = {},
  query = "comment=c",
): { readonly sent: ClientRequest; readonly answer: Promise<UploadAnswer | undefined> } {
  const sent = open({
    port: stage.port,
    method: "POST",
    path: `/v1/disputes/${disputeId}/evidence/upload?${query}`,
    agent: false,
    headers: {
      Authorization: `Bearer ${validToken({ tenant_id: tenantId })}`,
      "Content-Type": "text/csv",
      ...headers,
    },
  });
  const answer = new Promise<UploadAnswer | undefined>((resolve) => {
    sent.on("error", () => resolve(undefined));
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve(undefined));
      response.on("end", () => {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
  });
  return { sent, answer };
}

/** Compares the tenant's objects with its rows. */
export async function balance(tenant: Tenant): Promise<Balance> {
  const { tenantId, stage } = tenant;
  const objects = new Set<string>();
  let openUploads = 0;
  for await (const { key } of stage.storage.list(`${tenantId}/`)) objects.add(key);
  for await (const _upload of stage.storage.listUploads(`${tenantId}/`)) openUploads += 1;
  const rows = (await tenant.files()).map(({ objectKey }) => objectKey ?? "");
  const registered = await tenant.storedObjects();
  return {
    rows: rows.length,
    objects: objects.size,
    rowsWithoutObject: rows.filter((key) => !objects.has(key)).length,
    objectsWithoutRow: [...objects].filter((key) => !rows.includes(key)).length,
    uncommitted: registered.filter(({ committedAt }) => committedAt === null).length,
    openUploads,
  };
}

/** The balance of `files` committed files and nothing else. */
export const balanced = (files: number): Balance => ({
  rows: files,
  objects: files,
  rowsWithoutObject: 0,
  objectsWithoutRow: 0,
  uncommitted: 0,
  openUploads: 0,
});
