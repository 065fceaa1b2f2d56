import fc from "fast-check";
import {
  DISPUTE_STATES,
  EXCEPTION_SEVERITIES,
  EXCEPTION_STATUSES,
  TRANSACTION_STATUSES,
} from "@docket/domain";
import {
  anyAmount,
  anyInstant,
  currency,
  head,
  id,
  instant,
  nullable,
  text,
} from "./hostile-values.ts";
import { emptyScene, type Scene } from "./scene.ts";

/** A list of values made from existing rows; empty if there are none. */
const listOf = <From, T>(
  from: readonly From[],
  make: (pick: fc.Arbitrary<From>) => fc.Arbitrary<T>,
  maxLength: number,
): fc.Arbitrary<T[]> =>
  from.length === 0 ? fc.constant([]) : fc.array(make(fc.constantFrom(...from)), { maxLength });

const byKey = <T>(rows: readonly T[], key: (row: T) => string): T[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
];

/** A context of the tenant, with two sources and rows of every other table. */
export const scenes = (tenantId: string): fc.Arbitrary<Scene> =>
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
    }))
    .chain((scene) =>
      fc
        .array(
          fc.record({
            id,
            source_id: fc.constantFrom(...scene.sources.map((source) => source.id)),
            external_id: text,
            amount: anyAmount,
            currency,
            date: instant,
            description: nullable(text),
            status: fc.constantFrom(...TRANSACTION_STATUSES),
          }),
          { maxLength: 12 },
        )
        .map((rows) => ({
          ...scene,
          transactions: byKey(
            // A value in a unique index may have at most about 2,700 bytes.
            byKey(rows, (row) => row.id).map((row) => ({
              ...row,
              external_id: head(row.external_id, 500),
            })),
            (row) => `${row.source_id} ${row.external_id}`,
          ),
        })),
    )
    .chain((scene) =>
      fc
        .array(
          fc.record({
            id,
            external_id: id,
            status: fc.constantFrom(
              "CONFIRMED",
              "CONFIRMED",
              "CONFIRMED",
              "PROPOSED",
              "REJECTED",
              "REVOKED",
            ),
            rule: nullable(text),
            confidence: nullable(fc.constantFrom("0", "100", "98.50", "87.25", "0.10")),
          }),
          { maxLength: 5 },
        )
        .map((groups) => ({ ...scene, groups: byKey(groups, (row) => row.id) })),
    )
    .chain((scene) =>
      fc
        .record({
          items: listOf(
            scene.transactions,
            (transaction) =>
              anyId(scene.groups).chain((group) =>
                fc.record({
                  match_group_id: fc.constant(group),
                  transaction_id: transaction.map((row) => row.id),
                  amount: anyAmount,
                }),
              ),
            scene.groups.length === 0 ? 0 : 15,
          ),
          // The ids of fee variances are not exported, so the database generates them.
          fees: listOf(
            scene.transactions,
            (transaction) =>
              transaction.chain((row) =>
                fc.record({
                  external_id: id,
                  source_id: fc.constant(row.source_id),
                  transaction_id: fc.constant(row.id),
                  fee_schedule_id: fc.oneof(fc.constantFrom("a", "b"), text),
                  fee_schedule_name: fc.oneof(fc.constantFrom("A", "b", "ä"), text),
                  currency,
                  expected: fc.oneof(fc.constant("0"), anyAmount),
                  actual: anyAmount,
                }),
              ),
            12,
          ),
          exceptions: listOf(
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
            byKey(
              byKey(rows, (row) => row.transaction_id),
              (row) => row.id,
            ),
          ),
        })
        .map((rest) => ({
          ...scene,
          ...rest,
          items: byKey(rest.items, (row) => `${row.match_group_id} ${row.transaction_id}`),
        })),
    )
    .chain((scene) =>
      listOf(
        scene.exceptions,
        (exception) =>
          fc.record({
            id,
            exception_id: exception.map((row) => row.id),
            state: fc.constantFrom(...DISPUTE_STATES),
            created_at: instant,
          }),
        10,
      ).map((disputes) => ({ ...scene, disputes: byKey(disputes, (row) => row.id) })),
    );

const anyId = (rows: readonly { id: string }[]): fc.Arbitrary<string> =>
  fc.constantFrom(...(rows.length === 0 ? ["none"] : rows.map((row) => row.id)));
