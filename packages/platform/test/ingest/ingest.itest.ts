import { waitFor } from "@docket/testing";
import pg from "pg";
import { withTenant } from "../../src/database/index.ts";
import { group, transaction } from "./builders.ts";
import { ingestSuite, POOL_SIZE } from "./support.ts";

const suite = ingestSuite();
const { context } = suite;

const amounts = async (): Promise<Set<string>> => {
  const rows = await context.ask<{ amount: string }>(
    "SELECT trim_scale(amount)::text AS amount FROM transactions WHERE context_id = $1",
  );
  return new Set(rows.map(({ amount }) => amount));
};

/** Checks that no connection of the pool is lost, in a transaction, or has a staging table. */
async function expectCleanPool(): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: POOL_SIZE }, () =>
      withTenant(context.tenantId, () => suite.database().pool.connect()),
    ),
  );
  try {
    for (const client of clients) {
      const { rows } = await client.query(
        "SELECT to_regclass('pg_temp.ingest_rows') AS staging, now() = statement_timestamp() AS fresh, current_setting('statement_timeout') AS timeout",
      );
      expect(rows).toEqual([{ staging: null, fresh: true, timeout: "10s" }]);
    }
  } finally {
    for (const client of clients) client.release();
  }
}

describe("two ingests into one context at once", () => {
  const ids = Array.from({ length: 2_000 }, (_, index) => `T${index}`);

  it("with the same keys in opposite order do not deadlock, and the last one wins as a whole", async () => {
    const first = ids.map((id) => transaction(id, { amount: "1" }));
    const second = ids.toReversed().map((id) => transaction(id, { amount: "2" }));
    for (let round = 0; round < 3; round += 1) {
      const counts = await Promise.all([
        context.push("transactions", first),
        context.push("transactions", second),
      ]);
      expect(counts[0].received + counts[1].received).toBe(2 * ids.length);
      if (round === 0) expect(counts[0].inserted + counts[1].inserted).toBe(ids.length);
      expect((await amounts()).size).toBe(1);
    }
  });

  it("that change different fields lose no change", async () => {
    await context.push(
      "transactions",
      ids.map((id) => transaction(id)),
    );
    await Promise.all([
      context.push(
        "transactions",
        ids.map((externalId) => ({ source: "Bank", externalId, amount: "7" })),
      ),
      context.push(
        "transactions",
        ids.toReversed().map((externalId) => ({ source: "Bank", externalId, description: "seen" })),
      ),
    ]);
    const rows = await context.ask(
      "SELECT DISTINCT trim_scale(amount)::text AS amount, description FROM transactions WHERE context_id = $1",
    );
    expect(rows).toEqual([{ amount: "7", description: "seen" }]);
  });

  it("whose match groups overlap in opposite order do not deadlock and lose no change", async () => {
    await context.push(
      "transactions",
      ids.map((id) => transaction(id)),
    );
    // Each group has two neighbouring transactions; the two ingests process them from opposite ends.
    const groups = ids.slice(1).map((id, at) => group(`G${at}`, { [id]: "40", [ids[at]!]: "40" }));
    for (const status of ["CONFIRMED", "REVOKED", "CONFIRMED"]) {
      const as = groups.map((each) => ({ ...each, status }));
      const counts = await Promise.all([
        context.push("match-groups", as.slice(0, 1_500)),
        context.push("match-groups", as.slice(500).toReversed()),
      ]);
      expect(counts.map(({ received }) => received)).toEqual([1_500, 1_499]);
      const matched = Object.values(await context.statuses()).filter((each) => each === "MATCHED");
      expect(matched).toHaveLength(status === "CONFIRMED" ? ids.length : 0);
    }
    expect(await context.items()).toHaveLength(2 * groups.length);
  });

  it("cannot together allocate more than a transaction's amount", async () => {
    await context.push("transactions", [transaction("A")]);
    const outcomes = await Promise.allSettled(
      ["G", "H", "I"].map((name) => context.push("match-groups", [group(name, { A: "60" })])),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [taken] = await context.ask(
      "SELECT trim_scale(sum(i.amount))::text AS taken FROM match_group_items i JOIN match_groups g ON g.id = match_group_id WHERE g.context_id = $1",
    );
    expect(taken).toEqual({ taken: "60" });
  });

  it("cannot reduce an amount below an allocation that is being written", async () => {
    await context.push("transactions", [transaction("A")]);
    const outcomes = await Promise.allSettled([
      context.push("match-groups", [group("G", { A: "60" })]),
      context.push("transactions", [transaction("A", { amount: "50" })]),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("do not wait for an ingest whose client is slow", async () => {
    let finish = (): void => {};
    const slow = context.push(
      "transactions",
      [transaction("A", { amount: "1" }), transaction("B")],
      {
        beforeEnd: () => new Promise((resolve) => (finish = resolve)),
      },
    );
    expect(await context.push("transactions", [transaction("A", { amount: "2" })])).toMatchObject({
      inserted: 1,
    });
    finish();
    expect(await slow).toMatchObject({ inserted: 1, updated: 1 });
  });
});

describe("an ingest that does not finish", () => {
  it("because it is aborted while rows arrive writes nothing and leaves its connection clean", async () => {
    const aborter = new AbortController();
    const reason = new Error("the client disconnected");
    const push = context.push("transactions", [transaction("A"), transaction("B")], {
      signal: aborter.signal,
      beforeEnd: async () => {
        aborter.abort(reason);
      },
    });
    await expect(push).rejects.toBe(reason);
    expect(await amounts()).toEqual(new Set());
    await expectCleanPool();
  });

  it("because its rows fail writes nothing and leaves its connection clean", async () => {
    const reason = new Error("the body ended early");
    const push = context.push("transactions", [transaction("A"), transaction("B")], {
      beforeEnd: () => Promise.reject(reason),
    });
    await expect(push).rejects.toBe(reason);
    expect(await amounts()).toEqual(new Set());
    await expectCleanPool();
  });

  it("because it is aborted while it waits for the context's lock ends at once", async () => {
    const holder = new pg.Client({ connectionString: suite.test().superuserUrl });
    await holder.connect();
    try {
      await holder.query("BEGIN");
      await holder.query(
        "SELECT pg_advisory_xact_lock(hashtextextended('records ' || $1 || $2, 0))",
        [context.tenantId, context.contextId],
      );
      const aborter = new AbortController();
      const push = context.push("transactions", [transaction("A")], { signal: aborter.signal });
      const waiting =
        "SELECT FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()";
      await waitFor(async () => (await holder.query(waiting)).rowCount === 1);
      aborter.abort(new Error("the client disconnected"));
      await expect(push).rejects.toThrow("the client disconnected");
      expect((await holder.query(waiting)).rowCount).toBe(0);
    } finally {
      await holder.end();
    }
    await expectCleanPool();
  });

  it("because the server ended its session fails at once, and the next ingest gets another connection", async () => {
    const push = context.push("transactions", [transaction("A"), transaction("B")], {
      beforeEnd: async () => {
        const killed = await context.ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY ingest_rows%' AND $1::text <> ''",
        );
        expect(killed).toHaveLength(1);
      },
    });
    await expect(push).rejects.toMatchObject({ code: "57P01" });
    expect(await context.push("transactions", [transaction("A")])).toMatchObject({ inserted: 1 });
    await expectCleanPool();
  });
});
