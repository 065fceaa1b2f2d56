import fc from "fast-check";
import {
  DISPUTE_STATES,
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  TRANSACTION_STATUSES,
} from "@docket/domain";
import { hostileText as text } from "@docket/testing/hostile-texts";
import { anyAmount, anyInstant, currency, head, id, instant, nullable } from "./hostile-values.ts";
import { emptyScene, type Scene, type TransactionRow } from "./scene.ts";

/** A list of values made from existing rows; empty if there are none. */
const listFrom = <Row, T>(
  rows: readonly Row[],
  make: (row: fc.Arbitrary<Row>) => fc.Arbitrary<T>,
  maxLength: number,
): fc.Arbitrary<T[]> =>
  rows.length === 0 ? fc.constant([]) : fc.array(make(fc.constantFrom(...rows)), { maxLength });

const uniqueBy = <T>(rows: readonly T[], key: (row: T) => string): T[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
];

const contexts = (tenantId: string): fc.Arbitrary<Scene> =>
  fc
    .record({
      contextId: id,
      // The table allows names of 1 to 100 characters.
      names: fc.uniqueArray(
        text.map((name) => head(`${name}?`, 100)),
        { minLength: 2, maxLength: 2 },
      ),
      sourceIds: fc.uniqueArray(id, { minLength: 2, maxLength: 2 }),
    })
    .map(({ contextId, names, sourceIds }) => ({
      ...emptyScene({ tenantId, contextId }),
      sources: sourceIds.map((sourceId, index) => ({ id: sourceId, name: names[index]! })),
    }));

const transactionsOf = ({ sources }: Scene): fc.Arbitrary<Scene["transactions"]> =>
  fc
    .array(
      fc.record({
        id,
        source_id: fc.constantFrom(...sources.map((source) => source.id)),
        // A value in a unique index may have at most about 2,700 bytes.
        external_id: text.map((value) => head(value, 500)),
        amount: anyAmount,
        currency,
        date: instant,
        description: nullable(text),
        status: fc.constantFrom(...TRANSACTION_STATUSES),
      }),
      { maxLength: 12 },
    )
    .map((rows) =>
      uniqueBy(
        uniqueBy(rows, (row) => row.id),
        (row) => `${row.source_id} ${row.external_id}`,
      ),
    );

const groups: fc.Arbitrary<Scene["groups"]> = fc
  .array(
    fc.record({
      id,
      external_id: id,
      status: fc.oneof(
        fc.constant("CONFIRMED"),
        fc.constantFrom("PROPOSED", "REJECTED", "REVOKED"),
      ),
      rule: nullable(text),
      confidence: nullable(fc.constantFrom("0", "100", "98.50", "87.25", "0.10")),
    }),
    { maxLength: 5 },
  )
  .map((rows) => uniqueBy(rows, (row) => row.id));

const itemsOf = (scene: Scene): fc.Arbitrary<Scene["items"]> =>
  scene.groups.length === 0
    ? fc.constant([])
    : listFrom(
        scene.transactions,
        (transaction) =>
          fc.record({
            match_group_id: fc.constantFrom(...scene.groups.map((group) => group.id)),
            transaction_id: transaction.map((row) => row.id),
            amount: anyAmount,
          }),
        15,
      ).map((rows) => uniqueBy(rows, (row) => `${row.match_group_id} ${row.transaction_id}`));

/** The ids of fee variances are not exported, so the database generates them. */
const feeOf = ({ id: transactionId, source_id }: TransactionRow) =>
  fc.record({
    external_id: id,
    source_id: fc.constant(source_id),
    transaction_id: fc.constant(transactionId),
    fee_schedule_id: fc.oneof(fc.constantFrom("a", "b"), text),
    fee_schedule_name: fc.oneof(fc.constantFrom("A", "b", "ä"), text),
    currency,
    expected: fc.oneof(fc.constant("0"), anyAmount),
    actual: anyAmount,
  });

const exceptionsOf = (scene: Scene): fc.Arbitrary<Scene["exceptions"]> =>
  listFrom(
    scene.transactions,
    (transaction) =>
      fc.record({
        id,
        transaction_id: transaction.map((row) => row.id),
        severity: fc.constantFrom(...EXCEPTION_SEVERITIES),
        status: fc.constantFrom(...EXCEPTION_STATUSES),
        reason: nullable(text),
        assigned_to: nullable(text),
        due_at: nullable(anyInstant),
        resolution_type: nullable(text),
        resolution_notes: nullable(text),
        created_at: instant,
        updated_at: anyInstant,
      }),
    10,
  ).map((rows) =>
    uniqueBy(
      uniqueBy(rows, (row) => row.transaction_id),
      (row) => row.id,
    ),
  );

const disputesOf = (scene: Scene): fc.Arbitrary<Scene["disputes"]> =>
  listFrom(
    scene.exceptions,
    (exception) =>
      fc.record({
        id,
        exception_id: exception.map((row) => row.id),
        state: fc.constantFrom(...DISPUTE_STATES),
        created_at: instant,
      }),
    10,
  ).map((rows) => uniqueBy(rows, (row) => row.id));

/** A context of the tenant, with two sources and rows of every other table. */
export const scenes = (tenantId: string): fc.Arbitrary<Scene> =>
  contexts(tenantId)
    .chain((scene) =>
      fc
        .record({ transactions: transactionsOf(scene), groups })
        .map((rows) => ({ ...scene, ...rows })),
    )
    .chain((scene) =>
      fc
        .record({
          items: itemsOf(scene),
          fees: listFrom(scene.transactions, (transaction) => transaction.chain(feeOf), 12),
          exceptions: exceptionsOf(scene),
        })
        .map((rows) => ({ ...scene, ...rows })),
    )
    .chain((scene) => disputesOf(scene).map((disputes) => ({ ...scene, disputes })));
