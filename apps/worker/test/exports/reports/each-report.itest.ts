import { randomUUID } from "node:crypto";
import { aFee, anException, aGroup, aScene, aTransaction } from "./builders.ts";
import { exportSuite, specOf } from "./suite.ts";

const suite = exportSuite();
const { tenantId } = suite;

describe("MATCHED", () => {
  it("has one row per group, with the amount allocated to that group", async () => {
    const scene = aScene(tenantId);
    const transaction = aTransaction({ source_id: scene.bank, amount: "100", status: "MATCHED" });
    const groups = [aGroup({ rule: "exact" }), aGroup()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const items = groups.map(({ id }, index) => ({
      match_group_id: id,
      transaction_id: transaction.id,
      amount: `${40 + 20 * index}.00`,
    }));
    await suite.insert({ ...scene, transactions: [transaction], groups, items });
    const rows = await suite.exported(specOf(scene, "MATCHED"));
    expect(rows.map(({ match_group_id, amount }) => [match_group_id, amount])).toEqual([
      [groups[0]!.id, "40"],
      [groups[1]!.id, "60"],
    ]);
  });

  it("leaves out groups that are PROPOSED, REJECTED or REVOKED", async () => {
    const scene = aScene(tenantId);
    const transaction = aTransaction({ source_id: scene.bank });
    const groups = ["PROPOSED", "CONFIRMED", "REJECTED", "REVOKED"].map((status) =>
      aGroup({ status }),
    );
    const items = groups.map(({ id }) => ({
      match_group_id: id,
      transaction_id: transaction.id,
      amount: "1",
    }));
    await suite.insert({ ...scene, transactions: [transaction], groups, items });
    const rows = await suite.exported(specOf(scene, "MATCHED"));
    expect(rows.map((row) => row["match_group_id"])).toEqual([groups[1]!.id]);
  });

  it("shows only the transactions of the requested source", async () => {
    const scene = aScene(tenantId);
    const transactions = [scene.bank, scene.ledger].map((source_id) => aTransaction({ source_id }));
    const group = aGroup();
    const items = transactions.map(({ id }) => ({
      match_group_id: group.id,
      transaction_id: id,
      amount: "1",
    }));
    await suite.insert({ ...scene, transactions, groups: [group], items });
    const rows = await suite.exported(specOf(scene, "MATCHED", { sourceId: scene.ledger }));
    expect(rows.map((row) => row["source_name"])).toEqual(["Ledger"]);
  });
});

describe("VARIANCE", () => {
  it("sums by fee schedule and writes the percentage with two decimals, or null if the total expected is 0", async () => {
    const scene = aScene(tenantId);
    const transaction = aTransaction({ source_id: scene.bank });
    const fees = [
      aFee(transaction, "10", "11", "a"),
      aFee(transaction, "20", "22", "a"),
      aFee(transaction, "0", "5", "b"),
      aFee(transaction, "3", "2", "c"),
    ];
    await suite.insert({ ...scene, transactions: [transaction], fees });
    const rows = await suite.exported(specOf(scene, "VARIANCE"));
    expect(
      rows.map((row) => [
        row["fee_schedule_id"],
        row["total_expected"],
        row["total_actual"],
        row["net_variance"],
        row["variance_pct"],
        row["item_count"],
      ]),
    ).toEqual([
      ["a", "30", "33", "3", "10.00", 2],
      ["b", "0", "5", "5", null, 1],
      ["c", "3", "2", "-1", "-33.33", 1],
    ]);
  });
});

describe("EXCEPTIONS", () => {
  it("selects by the exception's creation time and shows its latest dispute", async () => {
    const scene = aScene(tenantId);
    // The transaction's date is outside of the range; the exception's creation time is inside.
    const transaction = aTransaction({ source_id: scene.bank, date: "2025-06-01T00:00:00.000Z" });
    const exception = anException(transaction);
    const ids = [randomUUID(), randomUUID()].toSorted();
    const disputes = [
      {
        id: ids[1]!,
        exception_id: exception.id,
        state: "LOST",
        created_at: "2026-01-16T00:00:00.000Z",
      },
      {
        id: ids[0]!,
        exception_id: exception.id,
        state: "OPEN",
        created_at: "2026-01-17T00:00:00.000Z",
      },
    ];
    await suite.insert({
      ...scene,
      transactions: [transaction],
      exceptions: [exception],
      disputes,
    });
    const rows = await suite.exported(specOf(scene, "EXCEPTIONS"));
    expect(rows).toMatchObject([
      { exception_id: exception.id, dispute_id: ids[0], dispute_state: "OPEN" },
    ]);
  });
});
