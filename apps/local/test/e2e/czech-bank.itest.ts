import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { waitFor } from "@docket/platform/testing";

import { createClient, type Client } from "../../src/client.ts";
import { tokenFor } from "../../src/token-command.ts";
import { ready, startMain, type Started } from "../started-stack.ts";
import {
  BANK,
  CZECH_BANK,
  LEDGER,
  readCzechBank,
  recordsOf,
  type CzechBank,
} from "./czech-bank.ts";
import { exact, rowsOf, sum, type FileRow } from "./export-file.ts";

// A year of a real bank's statement through the real processes, and back out as files.

const thereIs = existsSync(CZECH_BANK);
const when = thereIs ? it : it.skip;
const because = thereIs ? "" : ` (skipped: there is no ${CZECH_BANK})`;

const LOADED_WITHIN_MS = 120_000;
const FORMATS = ["CSV", "JSON", "XML"];

let home: string;
let stack: Started;
let client: Client;
let contextId: string;
let data: CzechBank;
let want: ReturnType<typeof expected>;

beforeAll(async () => {
  if (!thereIs) return;
  data = readCzechBank();
  want = expected(data);
  home = await mkdtemp(join(tmpdir(), "docket-czech-bank-"));
  await chmod(home, 0o711);
  stack = startMain({ DOCKET_HOME: home });
  const { address } = await ready(stack);
  // A tenant of its own, beside the demo's.
  const who = ["--tenant", randomUUID(), "--sub", "reconciler"];
  client = createClient({ address, token: tokenFor(who, { DOCKET_HOME: home }) });
}, LOADED_WITHIN_MS);

afterAll(async () => {
  if (!thereIs) return;
  stack.process.kill("SIGTERM");
  await stack.ended;
  await rm(home, { recursive: true, force: true });
});

describe(`A real bank's statement${because}`, () => {
  when(
    "is loaded through the API",
    async () => {
      ({ id: contextId } = await client.createContext("Czech bank 1993"));
      await client.createSource(contextId, { name: BANK, type: "BANK", side: "LEFT" });
      await client.createSource(contextId, { name: LEDGER, type: "LEDGER", side: "RIGHT" });
      const { transactions, matchGroups } = recordsOf(data);
      const loaded = (received: number) => ({
        received,
        inserted: received,
        updated: 0,
        unchanged: 0,
      });
      expect(await client.ingest(contextId, "transactions", transactions)).toEqual(
        loaded(transactions.length),
      );
      expect(await client.ingest(contextId, "match-groups", matchGroups)).toEqual(
        loaded(matchGroups.length),
      );
    },
    LOADED_WITHIN_MS,
  );

  when.each(FORMATS)(
    "comes out MATCHED as %s: each transfer beside its posting",
    async (format) => {
      const { matched } = want;
      const rows = await exported("MATCHED", format);
      const amounts = rows.map(({ amount = "" }) => exact(amount));
      expect(rows).toHaveLength(2 * matched.length);
      expect(sum(amounts)).toBe(-2n * sum(matched.map(({ amount }) => exact(amount))));
      expect(linesOf(rows.filter((row) => row["source_name"] === BANK))).toEqual(
        matched
          .map(({ transaction_id: id, amount, date }) => `${id} ${-exact(amount)} ${date}`)
          .toSorted(),
      );
      // A group is one transfer and one posting of the same amount.
      const groups = new Map<string, bigint[]>();
      for (const { match_group_id: id = "", amount = "" } of rows) {
        groups.set(id, [...(groups.get(id) ?? []), exact(amount)]);
      }
      expect([...groups.values()].filter(([a, b, ...more]) => a !== b || more.length > 0)).toEqual(
        [],
      );
    },
  );

  when.each(FORMATS)("comes out UNMATCHED as %s: everything else", async (format) => {
    const { others, signed } = want;
    const rows = await exported("UNMATCHED", format);
    expect(rows).toHaveLength(others.length);
    expect(sum(rows.map(({ amount = "" }) => exact(amount)))).toBe(sum(others.map(signed)));
    expect(linesOf(rows)).toEqual(
      others.map((line) => `${line.transaction_id} ${signed(line)} ${line.date}`).toSorted(),
    );
  });
});

const linesOf = (rows: readonly FileRow[]): string[] =>
  rows
    .map(({ external_id: id, amount = "", date }) => `${id} ${exact(amount)} ${date?.slice(0, 10)}`)
    .toSorted();

/** What the files must show, from the CSVs alone: nothing of what was sent is used for it. */
function expected({ statement, orders }: CzechBank) {
  type Line = (typeof statement)[number];
  const signed = (line: Line): bigint =>
    line.direction === "credit" ? exact(line.amount) : -exact(line.amount);
  const seen = new Set<string>();
  const isFirstOfItsMonth = (line: Line): boolean => {
    const order = orders.find(
      (each) =>
        each.account_id === line.account_id &&
        each.counterparty_account === line.counterparty_account &&
        each.counterparty_bank === line.counterparty_bank &&
        exact(each.amount) === exact(line.amount),
    );
    const key = `${order?.order_id} ${line.date.slice(0, 7)}`;
    if (order === undefined || seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const matched = statement.filter(
    (line) => line.operation === "transfer_out" && isFirstOfItsMonth(line),
  );
  const ids = new Set(matched.map(({ transaction_id: id }) => id));
  const others = statement.filter(({ transaction_id: id }) => !ids.has(id));
  return { matched, others, signed };
}

/** Orders an export, waits for it, downloads it by its presigned link and checks its digest. */
async function exported(reportType: string, format: string): Promise<readonly FileRow[]> {
  const { jobId } = await client.orderExport(contextId, {
    reportType,
    format,
    dateFrom: "1993-01-01",
    dateTo: "1993-12-31",
  });
  const job = await waitFor(
    async () => {
      const { job: now } = await client.exportJob(jobId);
      return !["QUEUED", "RUNNING"].includes(now.status) && now;
    },
    { timeoutMs: 50_000, everyMs: 100 },
  );
  expect(job).toMatchObject({ status: "SUCCEEDED" });
  const { downloadUrl, sha256 } = await client.download(jobId);
  const file = Buffer.from(await (await fetch(downloadUrl)).arrayBuffer());
  expect(createHash("sha256").update(file).digest("hex")).toBe(sha256);
  expect(file.byteLength).toBe(job.bytesWritten);
  const rows = rowsOf(format, file.toString("utf8"));
  expect(rows).toHaveLength(job.recordsWritten);
  return rows;
}
