import { EXCEPTION_DATES_DIFFERENCE } from "@docket/testing";
import fc from "fast-check";
import { transaction } from "./builders.ts";
import { ingestSuite } from "./support.ts";

const { context, owner } = ingestSuite();

const NAMES = ["A", "B", "C", "D"];
const DATES = ["2026-01-01", "2026-01-02", "2026-01-03T12:00:00.123Z", "2026-01-03T12:00:00.1239Z"];

const exception = (name: string, severity = "LOW"): object => ({
  source: "Bank",
  transaction: name,
  severity,
});

/** Moves transactions to other dates, or to the ones that they have, and changes some of their amounts. */
const moves = fc.record({
  kind: fc.constant("transactions" as const),
  records: fc
    .dictionary(
      fc.constantFrom(...NAMES),
      fc.record({
        date: fc.constantFrom(...DATES),
        amount: fc.constantFrom("100", "250"),
      }),
      { minKeys: 1 },
    )
    .map((changes) => Object.entries(changes).map(([name, change]) => transaction(name, change))),
});

/** Creates exceptions, and changes existing ones. */
const cases = fc.record({
  kind: fc.constant("exceptions" as const),
  records: fc
    .dictionary(fc.constantFrom(...NAMES), fc.constantFrom("LOW", "HIGH"), { minKeys: 1 })
    .map((severities) =>
      Object.entries(severities).map(([name, severity]) => exception(name, severity)),
    ),
});

describe("the date of an exception", () => {
  it("is that of its transaction after every ingest", async () => {
    const ingests = fc.array(fc.oneof(moves, cases), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ingests, async (steps) => {
        await owner().query("TRUNCATE exceptions CASCADE");
        await context.push(
          "transactions",
          NAMES.map((name) => transaction(name)),
        );
        for (const { kind, records } of steps) {
          await context.push(kind, records);
          expect((await owner().query(EXCEPTION_DATES_DIFFERENCE)).rows).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("changes without a trace in the exception or its history", async () => {
    await context.push("transactions", [transaction("A")]);
    await context.push("exceptions", [exception("A")]);
    await context.ask("UPDATE exceptions SET manual_events = 1 WHERE context_id = $1");
    const read = (): Promise<object[]> =>
      context.ask(
        `SELECT to_jsonb(e) - 'date' AS exception, date,
                (SELECT count(*) FROM exception_events WHERE exception_id = e.id) AS history,
                (SELECT count(*) FROM audit_events WHERE tenant_id = e.tenant_id) AS events
         FROM exceptions e WHERE context_id = $1`,
      );
    const [before] = await read();
    await context.push("transactions", [transaction("A", { date: "2026-02-01" })]);
    expect(await read()).toEqual([{ ...before, date: new Date("2026-02-01T00:00:00Z") }]);
  });
});
