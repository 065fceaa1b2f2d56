import { createHash, randomBytes } from "node:crypto";
import {
  canonicalJson,
  CHAIN_START,
  dataHashOf,
  eventHashOf,
  type ChainHead,
  type Sha256,
} from "@docket/domain";
import type pg from "pg";
import { plainTransaction, withoutTenant } from "../../database/index.ts";

export const sha256: Sha256 = (text) => createHash("sha256").update(text, "utf8").digest("hex");

/** The key of the advisory lock of the sequencer. The worker's upkeep has the numbers around it. */
const LOCK = 362_541;

/** The most events of a batch: 10 MB if all are as large as they may be. */
const BATCH = 500;

/**
 * The server ends the session of a frozen process, and with it the lock, after this idle time. The batch of that process is rolled
 * back, whenever it wakes up.
 */
const IDLE_MS = 2_000;

/**
 * Where to continue in the outbox, to skip its deleted rows (sequencer_take). It only saves time: a process may start again from the
 * beginning at any time.
 *
 * The outbox is read in passes. What was committed during a pass behind `afterSeq` is read by the next one, and so must be everything
 * that may depend on it, such as a later change of the same dispute. A pass therefore ends at `upTo`.
 */
export type OutboxPosition = {
  readonly fromXid: string | null;
  /** 0 at the beginning of a pass. */
  readonly afterSeq: string;
  /** Undefined at the beginning of a pass. */
  readonly pass?: Pass;
};

/** What held just before the first batch of a pass was read. */
type Pass = {
  /** The last `audit_events.seq` that had been drawn. A change that waited for another one to commit draws its number after that. */
  readonly upTo: string;
  /** All transactions before it had ended. */
  readonly xmin: string;
};

export const OUTBOX_START: OutboxPosition = { fromXid: null, afterSeq: "0" };

export type NumberedBatch = {
  /** The tenants of the numbered events. Empty if there was nothing to do, or if another process is doing it. */
  readonly tenants: ReadonlySet<string>;
  readonly count: number;
  /** Everything that had been committed has a number, or another process holds the lock. */
  readonly isDone: boolean;
  readonly next: OutboxPosition;
};

/**
 * Numbers one batch of the committed events that have no number yet, of all tenants, in one transaction.
 *
 * The advisory lock lets one batch run at a time, in all processes, until its commit. The numbers of a tenant therefore become visible
 * in their order. A second batch that ran nevertheless would fail on the rows of the outbox and on the primary key of `events`.
 */
export const numberEvents = (
  pool: pg.Pool,
  position: OutboxPosition = OUTBOX_START,
): Promise<NumberedBatch> =>
  withoutTenant(() => plainTransaction(pool, SESSION, (client) => numberBatch(client, position)));

const SESSION = `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}; SET LOCAL statement_timeout = '10s'`;

async function numberBatch(
  client: pg.PoolClient,
  position: OutboxPosition,
): Promise<NumberedBatch> {
  const { rows: locks } = await client.query<Pass & { readonly held: boolean }>(LOCK_SQL, [LOCK]);
  const [{ held, ...started } = { held: false, upTo: "0", xmin: "0" }] = locks;
  if (!held) return { tenants: new Set(), count: 0, isDone: true, next: position };
  const { fromXid, afterSeq, pass } = position;
  const { rows } = await client.query<OutboxRow>({
    ...TAKE,
    values: [fromXid, afterSeq, pass?.upTo ?? null, BATCH],
  });
  if (rows.length > 0) await client.query({ ...NUMBER, values: [JSON.stringify(chain(rows))] });
  const tenants = new Set(rows.map((row) => row.tenant_id));
  return { tenants, count: rows.length, ...nextPosition(position, pass ?? started, rows) };
}

function nextPosition(
  { fromXid, afterSeq }: OutboxPosition,
  pass: Pass,
  rows: readonly OutboxRow[],
): Pick<NumberedBatch, "isDone" | "next"> {
  if (rows.length === BATCH)
    return { isDone: false, next: { fromXid, afterSeq: rows.at(-1)!.audit_seq, pass } };
  // Every row that was committed when the pass began has its number, but after several batches there may be others.
  return { isDone: afterSeq === "0", next: { fromXid: pass.xmin, afterSeq: "0" } };
}

/** The sequence is read before the rows are: the transaction is READ COMMITTED, so that their snapshot is newer. */
const LOCK_SQL = `
  SELECT pg_try_advisory_xact_lock($1) AS held, pg_snapshot_xmin(pg_current_snapshot())::text AS xmin,
         coalesce(pg_sequence_last_value('audit_events_seq_seq'), 0)::text AS "upTo"`;

const TAKE = {
  name: "sequencer-take",
  text: "SELECT * FROM sequencer_take($1::text::xid8, $2::bigint, $3::bigint, $4::int)",
};

const NUMBER = { name: "sequencer-number", text: "SELECT sequencer_number($1::json)" };

/** A row of `sequencer_take`. The head is null for a tenant without events. */
type OutboxRow = {
  readonly audit_seq: string;
  readonly event_id: string;
  readonly tenant_id: string;
  readonly action: string;
  readonly subject: string;
  readonly actor: string;
  readonly at: Date;
  readonly request_id: string | null;
  readonly data: object | null;
  readonly head_seq: string | null;
  readonly head_hash: string | null;
};

/** An element of the argument of `sequencer_number`. */
type Numbered = {
  readonly auditSeq: string;
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly salt: string;
  readonly dataHash: string;
  readonly hash: string;
};

/** What the previous release calls the types that have another name now. */
const RENAMED: Readonly<Record<string, string>> = {
  "evidence.downloaded": "dispute.evidence-downloaded",
  "dispute.closed": "dispute.updated",
};

/** Continues the chain of each tenant. */
function chain(rows: readonly OutboxRow[]): readonly Numbered[] {
  const heads = new Map<string, ChainHead>();
  return rows.map((row) => {
    const previous = heads.get(row.tenant_id) ?? headOf(row);
    const numbered = numberedAfter(previous, row);
    heads.set(row.tenant_id, numbered);
    return numbered;
  });
}

const headOf = ({ head_seq: seq, head_hash: hash }: OutboxRow): ChainHead =>
  seq === null || hash === null ? CHAIN_START : { seq: Number(seq), hash };

function numberedAfter(previous: ChainHead, row: OutboxRow): Numbered {
  const { audit_seq: auditSeq, event_id: id, action, subject, actor, at } = row;
  const seq = previous.seq + 1;
  const type = RENAMED[action] ?? action;
  // Rows of the previous release have no data.
  const data = canonicalJson(row.data ?? {});
  const salt = randomBytes(16).toString("hex");
  const dataHash = dataHashOf(sha256, salt, data);
  const requestId = row.request_id === null ? {} : { requestId: row.request_id };
  const event = { id, seq, type, subject, actor, at: at.toISOString(), ...requestId, dataHash };
  const hash = eventHashOf(sha256, previous.hash, event);
  return { auditSeq, seq, id, type, data, salt, dataHash, hash };
}
