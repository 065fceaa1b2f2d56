import { randomUUID } from "node:crypto";
import { listAt } from "../support/lists.ts";
import { testSortedList } from "../support/sorted-list-suite.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

type Row = {
  id: string;
  state: string;
  category: string;
  createdAt: string;
  updatedAt: string;
  respondBy?: string;
  disputedAmount: string;
};

const STATES = ["DRAFT", "OPEN", "PENDING_EVIDENCE", "WON", "LOST"];
const CATEGORIES = ["BANK_FEE_ERROR", "UNRECOGNIZED_CHARGE", "DUPLICATE_TRANSACTION", "OTHER"];

const list = listAt<Row>((path) => suite.tenant.send("get", path), "/v1/disputes");
const { page, walk } = list;

/** Adds one dispute for every state and category, created on three days. */
const fill = async (): Promise<void> => {
  const exceptionId = await suite.tenant.anException();
  const { tenantId, contextId } = suite.tenant;
  const rows = STATES.flatMap((state, n) =>
    CATEGORIES.map((category, m) => {
      const createdAt = new Date(`2026-03-0${1 + ((n + m) % 3)}T12:00:00Z`);
      const closed = state === "WON" || state === "LOST";
      return {
        tenantId,
        contextId,
        exceptionId,
        state,
        category,
        description: "d",
        createdAt,
        openedBy: n % 2 === 0 ? "alice" : "bob",
        currency: "EUR",
        disputedAmount: String((n * 7 + m * 3) % 11),
        ...(m === 1 && { assignedTo: n === 1 ? "kim" : "lee" }),
        ...((n + m) % 2 === 0 && { respondBy: new Date(`2026-04-0${1 + (n % 3)}T00:00:00Z`) }),
        updatedAt: new Date(createdAt.getTime() + ((n * 7 + m * 3) % 5)),
        ...(closed && { resolution: "r", closedBy: "x", closedAt: createdAt }),
      };
    }),
  );
  await suite.tenant.inTenant(async () =>
    suite.stage.context.database.prisma.dispute.createMany({ data: rows }),
  );
};

describe("GET /v1/disputes", () => {
  testSortedList<Row>({
    list,
    fill,
    count: 20,
    add: () => suite.tenant.createDispute(),
    sorts: {
      createdAt: ({ createdAt }) => createdAt,
      updatedAt: ({ updatedAt }) => updatedAt,
      state: ({ state }) => STATES.indexOf(state),
      category: ({ category }) => CATEGORIES.indexOf(category),
      disputedAmount: ({ disputedAmount }) => Number(disputedAmount),
      id: ({ id }) => id,
    },
    filters: {
      "state=OPEN": 4,
      "state=open&state=WON": 8,
      "category=OTHER": 5,
      "category=OTHER&category=BANK_FEE_ERROR&state=LOST": 2,
      "dateFrom=2026-03-02": 13,
      "dateTo=2026-03-01": 7,
      "dateFrom=2026-03-02&dateTo=2026-03-02": 7,
      "dateFrom=2026-03-04": 0,
      "openedBy=alice": 12,
      "openedBy=nobody": 0,
      "assignedTo=kim": 1,
      "unassigned=true": 15,
      "unassigned=false": 5,
      "overdue=true": 4,
      "overdue=false": 16,
      "overdue=true&state=WON": 0,
      "respondBefore=2026-04-02T00:00:00Z": 4,
      "respondBefore=2026-04-02T00:00:00.001Z&state=OPEN": 2,
      "currency=EUR": 20,
      "currency=USD": 0,
      [`contextId=${randomUUID()}`]: 0,
      [`exceptionId=${randomUUID()}`]: 0,
    },
    cursor: {
      filters: "state=OPEN&state=WON",
      same: "state=won&state=open&state=OPEN",
      others: ["state=OPEN", "state=OPEN&state=WON&sort=id", "state=OPEN&state=WON&openedBy=bob"],
      forged: {
        createdAt: [null, 1, "x"],
        disputedAmount: [null, 1, "1", "x"],
        respondBy: [1, "infinity", ""],
        "-respondBy": [1, "-infinity", true],
        state: [null, -1, "OPEN"],
        id: [null, randomUUID()],
      },
    },
    refused: {
      "sort=amount": [400, "sort"],
      "sort=--id": [400, "sort"],
      "state=CLOSED": [400, "state"],
      "category=FRAUD": [400, "category"],
      "colour=red": [400, "colour"],
      "limit=0": [400, "limit"],
      "limit=many": [422, "limit"],
      "dateFrom=2026-02-30": [422, "dateFrom"],
      "dateFrom=2026-02-02&dateTo=2026-02-01": [400, "dateFrom"],
      "exceptionId=x": [422, "exceptionId"],
      "contextId=x": [422, "contextId"],
      "cursor=x": [400, "cursor"],
      "openedBy=a&openedBy=b": [400, "openedBy"],
      "overdue=soon": [422, "overdue"],
      "respondBefore=2026-04-02": [422, "respondBefore"],
      "currency=Euro": [400, "currency"],
    },
  });

  it.each(["respondBy", "-respondBy"])(
    "sorted by %s lists disputes without one last, across pages",
    async (sort) => {
      await fill();
      const all = await walk("limit=200&sort=id");
      const [due, open] = [true, false].map((has) =>
        all.filter(({ respondBy }) => (respondBy !== undefined) === has),
      ) as [Row[], Row[]];
      const sorted = due.toSorted((a, b) =>
        `${a.respondBy} ${a.id}` < `${b.respondBy} ${b.id}` ? -1 : 1,
      );
      const wanted = sort.startsWith("-")
        ? [...sorted.toReversed(), ...open.toReversed()]
        : [...sorted, ...open];
      expect((await walk(`limit=3&sort=${sort}`)).map(({ id }) => id)).toEqual(
        wanted.map(({ id }) => id),
      );
    },
  );

  it.each(["respondBy", "-respondBy"])(
    "sorted by %s skips and repeats only disputes whose deadline changes meanwhile",
    async (sort) => {
      await fill();
      const before = await walk(`limit=200&sort=${sort}`);
      const moving = before.filter(({ state }) => state === "OPEN").map(({ id }) => id);
      let turn = 0;
      const seen = await walk(`limit=3&sort=${sort}`, async () => {
        turn += 1;
        await suite.tenant.createDispute(
          turn % 2 === 0 ? {} : { respondBy: "2026-04-02T00:00:00Z" },
        );
        const respondBy = turn % 2 === 0 ? null : `2026-04-0${1 + (turn % 5)}T00:00:00Z`;
        const path = `/v1/disputes/${moving[turn % moving.length]}`;
        await suite.tenant.send("patch", path, { respondBy }).expect(200);
      });
      const still = ({ id }: Row): boolean => !moving.includes(id);
      const ids = before.filter(still).map(({ id }) => id);
      expect(seen.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(ids);
    },
  );

  it("filters by context and exception", async () => {
    await fill();
    const { id, exceptionId } = (await suite.tenant.createDispute()) as unknown as Row & {
      exceptionId: string;
    };
    expect(await page(`exceptionId=${exceptionId}`)).toMatchObject({ items: [{ id }] });
    expect(await walk(`limit=200&contextId=${suite.tenant.contextId}`)).toHaveLength(21);
  });

  it("ends a page at 1 MiB of JSON, and every dispute is on exactly one page", async () => {
    await fill();
    const disputes = await walk("limit=200");
    const { tenantId } = suite.tenant;
    const data = disputes.flatMap(({ id }) =>
      Array.from({ length: 50 }, () => ({
        tenantId,
        disputeId: id,
        comment: "\u20ac".repeat(1_000),
        fileUrl: `https://a/${"b".repeat(2_000)}`,
        submittedBy: "alice",
        submittedAt: new Date("2026-03-01Z"),
      })),
    );
    await suite.tenant.inTenant(() =>
      suite.stage.context.database.prisma.evidence.createMany({ data }),
    );

    const largest = Buffer.byteLength(JSON.stringify((await page("limit=1")).items));
    const sizes: number[] = [];
    const seen: string[] = [];
    let cursor = "";
    do {
      const { items, limit, nextCursor } = await page(`limit=200${cursor}`);
      expect(limit).toBe(200);
      expect(items.length).toBeGreaterThan(0);
      sizes.push(Buffer.byteLength(JSON.stringify(items)));
      seen.push(...items.map(({ id }) => id));
      cursor = nextCursor === undefined ? "" : `&cursor=${nextCursor}`;
    } while (cursor !== "");
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(1_048_576 + 2 * largest);
    expect(seen).toEqual(disputes.map(({ id }) => id));
  });

  it("returns each dispute with its evidence", async () => {
    const [one, two] = [await suite.tenant.aDispute(), await suite.tenant.aDispute()];
    const proof = { comment: "c", fileUrl: "https://a/b" };
    await suite.tenant.send("post", `/v1/disputes/${one}/evidence`, proof).expect(200);
    expect((await page("")).items).toEqual([
      (await suite.tenant.getDispute(two)).body,
      (await suite.tenant.getDispute(one)).body,
    ]);
  });
});
