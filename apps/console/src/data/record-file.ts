/** How a file is sent. */
export type RecordFile = { readonly contentType: string; readonly gzip: boolean };

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  ndjson: "application/x-ndjson",
  jsonl: "application/x-ndjson",
};

/** What the name of a file says about its format; undefined for a format that the API does not take. */
export function recordFile(fileName: string): RecordFile | undefined {
  const [, extension = "", gz] = /\.(\w+?)(\.gz)?$/i.exec(fileName) ?? [];
  const contentType = CONTENT_TYPES[extension.toLowerCase()];
  return contentType === undefined ? undefined : { contentType, gzip: gz !== undefined };
}
