import type pg from "pg";
import { BATCH } from "./steps.ts";

/** What stands in place of the texts of a stored response. A retry of the request still has no second effect. */
const ERASED_TEXTS: Readonly<Record<string, string>> = {
  description: "[erased]",
  resolution: "[erased]",
  reopenReason: "[erased]",
  reason: "[erased]",
  resolutionType: "[erased]",
  resolutionNotes: "[erased]",
  note: "[erased]",
  comment: "[erased]",
  reference: "[erased]",
  assignedTo: "[erased]",
  fileName: "[erased]",
  fileUrl: "about:blank",
};

/**
 * Erases the texts in the responses that are stored for idempotency keys and name one of `ids`. The keys stay: without them, a retry
 * would repeat its request.
 */
export async function eraseAnswersAbout(
  client: pg.Client,
  tenantId: string,
  ids: readonly string[],
): Promise<void> {
  let after = ["", "", "", ""];
  for (;;) {
    const { rows } = await client.query<Row>(PAGE, [tenantId, ids, ...after]);
    for (const { body, ...key } of rows)
      if (body !== null) await client.query(STORE, [tenantId, ...keyOf(key), erased(body), body]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = keyOf(last);
  }
}

type Key = {
  readonly principal: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
};
type Row = Key & { readonly body: string | null };

const keyOf = ({ principal, method, path, key }: Key): string[] => [principal, method, path, key];

const erased = (body: string): string =>
  JSON.stringify(JSON.parse(body), (name, value: unknown) =>
    typeof value === "string" ? (ERASED_TEXTS[name] ?? value) : value,
  );

const KEY = "principal, method, path, key";

/** The body is null unless it names one of the IDs. */
const PAGE = `
  SELECT ${KEY}, CASE WHEN EXISTS (SELECT FROM unnest($2::text[]) id WHERE strpos(path || body, id) > 0) THEN body END AS body
  FROM idempotency_keys
  WHERE tenant_id = $1 AND (${KEY}) > ($3, $4, $5, $6) ORDER BY ${KEY} LIMIT ${BATCH}`;

/** Leaves a key alone that another request has acquired meanwhile. */
const STORE = `
  UPDATE idempotency_keys SET body = $6, body_bytes = octet_length($6)
  WHERE tenant_id = $1 AND principal = $2 AND method = $3 AND path = $4 AND key = $5 AND body = $7`;
