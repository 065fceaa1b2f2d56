import { isDocketError, type FieldError } from "@docket/client";

import { escapeControls } from "./print.ts";

/** What went wrong, with one line for each fault. */
export function describeError(error: unknown): string {
  if (!isDocketError(error)) {
    return escapeControls(error instanceof Error ? error.message : String(error));
  }
  const { detail, code, status, errors, requestId, retryAfterMs } = error;
  const retry =
    retryAfterMs === undefined ? "" : ` Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  const request = requestId === undefined ? "" : `, request ${requestId}`;
  const answer = status === undefined ? code : `${status}, ${code}${request}`;
  const lines = [`${detail}${retry} (${answer})`, ...errors.map(faultLine)];
  return lines.map(escapeControls).join("\n");
}

function faultLine({ line, field, detail }: FieldError): string {
  const position = [line === undefined ? "" : `line ${line}`, field].filter(Boolean).join(", ");
  return `  ${position}: ${detail}`;
}
