import fc from "fast-check";
import { emptyScene, type Scene } from "./scene.ts";

/** Scenes of hostile texts and awkward numbers for fast-check. */

const NASTY = [
  "",
  " ",
  '"',
  '""',
  ",",
  "'",
  "\\",
  "\\.",
  "\\N",
  "NULL",
  "a\nb",
  "a\r\nb",
  "\r",
  "\n",
  "\t",
  "-",
  "+",
  "-12.5",
  "+1e5",
  "-1.2.3",
  "-.5",
  "+5.",
  "-.",
  "-abc",
  "-1\n",
  "-١٢",
  "=SUM(A1:A9)",
  "@cmd",
  "＝1",
  "＋1",
  "－1",
  "＠x",
  "\tx",
  " =1",
  "&amp;",
  "&lt;&#13;",
  "<row>",
  "]]>",
  "<![CDATA[",
  "\u0001",
  "\u0002",
  "\u007f\u0085",
  "\u2028\u2029",
  "\ufffe\uffff\ufffd\ufeff",
  "שלום \u202eabc",
  "👩‍👩‍👧‍👦 𝒳",
  "x".repeat(10_000),
];

const controls = Array.from({ length: 31 }, (_, index) => String.fromCodePoint(index + 1));

const text: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(...NASTY, ...controls),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc
      .array(fc.constantFrom(...NASTY.slice(0, -1), ...controls, "a", "1"), { maxLength: 5 })
      .map((parts) => parts.join("")),
    fc.constantFrom("Card payment 17", "Café Nový Svět"),
  )
  // Postgres has no NUL in text.
  .map((value) => value.replaceAll("\0", ""));

/** The first `length` characters; never half of one. */
const head = (value: string, length: number): string => Array.from(value).slice(0, length).join("");

const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null, freq: 4 });

/** `-12345678901234567890.12345678` and the like. */
const amount = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }),
    fc.integer({ min: 0, max: 99_999_999 }),
  )
  .map(
    ([negative, whole, part]) => `${negative ? "-" : ""}${whole}.${String(part).padStart(8, "0")}`,
  );

const anyAmount = fc.oneof(
  fc.constantFrom(
    "0",
    "100.5",
    "100",
    "-0.00000001",
    "1e3",
    "0.10",
    "-5.00",
    "99999999999999999999.99999999",
  ),
  amount,
);

/** Around the ends of January 2026, which is the range that the tests export. */
const instant = fc.oneof(
  fc.constantFrom(
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-15T10:30:00.501Z",
    "2026-01-31T23:59:59.999Z",
    "2026-02-01T00:00:00.000Z",
  ),
  fc
    .date({
      min: new Date("2025-12-25T00:00:00Z"),
      max: new Date("2026-02-05T00:00:00Z"),
      noInvalidDate: true,
    })
    .map((date) => date.toISOString()),
);

const anyInstant = fc.oneof(
  instant,
  fc.constantFrom("0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"),
);

const id = fc.uuid();
const currency = fc.constantFrom("EUR", "USD");

/** Picks from what is there already; nothing when there is nothing. */
const listOf = <From, T>(
  from: readonly From[],
  make: (pick: fc.Arbitrary<From>) => fc.Arbitrary<T>,
  maxLength: number,
): fc.Arbitrary<T[]> =>
  from.length === 0 ? fc.constant([]) : fc.array(make(fc.constantFrom(...from)), { maxLength });

const byKey = <T>(rows: readonly T[], key: (row: T) => string): T[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
];

/** A context with two sources and everything else, all of it of this tenant. */
export const scenes = (tenantId: string): fc.Arbitrary<Scene> =>
  fc
    .record({
      contextId: id,
      // The table holds names of 1 to 100 characters.
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
            status: fc.constantFrom("UNMATCHED", "MATCHED", "IGNORED", "PENDING_REVIEW"),
          }),
          { maxLength: 12 },
        )
        .map((rows) => ({
          ...scene,
          transactions: byKey(
            // A unique index holds at most some 2 700 bytes.
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
              listOfOne(scene.groups).chain((group) =>
                fc.record({
                  match_group_id: fc.constant(group),
                  transaction_id: transaction.map((row) => row.id),
                  amount: anyAmount,
                }),
              ),
            scene.groups.length === 0 ? 0 : 15,
          ),
          // Their own ids are not exported: the table makes them.
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
                severity: fc.constantFrom("LOW", "MEDIUM", "HIGH", "CRITICAL"),
                status: fc.constantFrom("OPEN", "ASSIGNED", "PENDING_RESOLUTION", "RESOLVED"),
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
            state: fc.constantFrom("DRAFT", "OPEN", "PENDING_EVIDENCE", "WON", "LOST"),
            created_at: instant,
          }),
        10,
      ).map((disputes) => ({ ...scene, disputes: byKey(disputes, (row) => row.id) })),
    );

const listOfOne = (rows: readonly { id: string }[]): fc.Arbitrary<string> =>
  fc.constantFrom(...(rows.length === 0 ? ["none"] : rows.map((row) => row.id)));
