import type { Dispute } from "@docket/client";

export type Evidence = Dispute["evidence"][number];

const TYPES: Readonly<Record<string, string>> = {
  "application/pdf": "PDF",
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "text/csv": "CSV",
};

export const typeLabel = (contentType: string): string => TYPES[contentType] ?? contentType;

/** The link of evidence if it is safe to follow: only https. */
export function safeLink(fileUrl: string): URL | undefined {
  if (!URL.canParse(fileUrl)) return undefined;
  const url = new URL(fileUrl);
  return url.protocol === "https:" ? url : undefined;
}
