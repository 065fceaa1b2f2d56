import { randomUUID } from "node:crypto";
import { withTenant } from "@docket/platform/database";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";

let api: Stage;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createStage();
  caller = api.caller();
  contextId = await caller.aContext();
});

afterAll(() => api.close());

const byNumber = (a: number, b: number): number => a - b;

const BANK = { name: "Bank", type: "BANK", side: "LEFT" };

const create = (body: object, context = contextId) =>
  caller.post(`/v1/contexts/${context}/sources`, body);

describe("POST /v1/contexts/{contextId}/sources", () => {
  it("adds a source and accepts type and side in any case", async () => {
    const { body } = await create({ name: "Ledger", type: "ledger", side: "Right" }).expect(201);
    expect(body).toEqual({
      id: expect.any(String),
      contextId,
      name: "Ledger",
      type: "LEDGER",
      side: "RIGHT",
      createdAt: expect.stringMatching(/\.\d{3}Z$/),
    });
  });

  it.each([
    ["an unknown type", { ...BANK, type: "CASH" }, 400, "type"],
    ["no side", { name: "x", type: "BANK" }, 400, "side"],
    ["a side that is not a string", { ...BANK, side: 1 }, 422, "side"],
  ])("refuses %s", async (_, body, status, field) => {
    const { body: problem } = await create(body).expect(status);
    expect(problem.errors).toMatchObject([{ field }]);
  });

  it("accepts a name once per context", async () => {
    const answers = await Promise.all([create(BANK), create(BANK)]);
    expect(answers.map(({ status }) => status).toSorted(byNumber)).toEqual([201, 409]);
    await create(BANK, await caller.aContext()).expect(201);
  });

  it("refuses the 1,001st source of a context", async () => {
    const full = await caller.aContext();
    await withTenant(
      caller.tenantId,
      () => api.context.database.prisma.$executeRaw`
        INSERT INTO sources (tenant_id, context_id, name, type, side)
        SELECT ${caller.tenantId}::uuid, ${full}::uuid, n::text, 'BANK', 'LEFT' FROM generate_series(1, 999) AS n`,
    );
    await create(BANK, full).expect(201);
    const { body } = await create({ ...BANK, name: "Another bank" }, full).expect(409);
    expect(body.code).toBe("source_limit_reached");
    expect((await create(BANK, full).expect(409)).body.code).toBe("name_taken");
  });

  it("returns 404 for an unknown context", async () => {
    await create(BANK, randomUUID()).expect(404);
    await caller.get(`/v1/contexts/${randomUUID()}/sources`).expect(404);
  });
});

describe("GET /v1/contexts/{contextId}/sources", () => {
  it("lists only the context's sources, newest first", async () => {
    const context = await caller.aContext();
    const ids = [await caller.aSource(context), await caller.aSource(context)];
    const { body } = await caller.get(`/v1/contexts/${context}/sources`).expect(200);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
  });
});
