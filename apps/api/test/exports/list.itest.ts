import { randomUUID } from "node:crypto";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";
import { setJob, succeeded } from "../support/export-rows.ts";

let api: Stage;
let caller: Caller;
let contextId: string;

beforeAll(async () => {
  api = await createStage();
});

beforeEach(async () => {
  caller = api.caller();
  contextId = await caller.aContext();
});

afterAll(() => api.close());

type Listed = {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor?: string;
  readonly hasMore: boolean;
  readonly limit: number;
};

const aJob = async (body: object = {}, context = contextId): Promise<string> => {
  const wanted = { reportType: "MATCHED", format: "CSV", ...body };
  const answer = await caller.post(`/v1/contexts/${context}/export-jobs`, wanted).expect(202);
  return answer.body.jobId as string;
};

const list = async (path: string): Promise<Listed> => {
  const { body } = await caller.get(path).expect(200);
  return body as Listed;
};

const idsOf = ({ items }: Listed): string[] => items.map(({ id }) => id);

const LISTS = [
  ["a context's", () => `/v1/contexts/${contextId}/export-jobs`],
  ["all", () => "/v1/export-jobs"],
] as const;

describe.each(LISTS)("the list of %s export jobs", (_, path) => {
  it("is empty at first", async () => {
    expect(await list(path())).toEqual({ items: [], limit: 20, hasMore: false });
  });

  it("returns jobs newest first, each as GET by id does", async () => {
    const first = await aJob();
    const second = await aJob({ reportType: "VARIANCE" });
    const found = await list(path());
    expect(idsOf(found)).toEqual([second, first]);
    const { body } = await caller.get(`/v1/export-jobs/${first}`).expect(200);
    expect(found.items[1]).toEqual(body);
  });

  it("can be filtered by status, report type, format and the instant when they finished", async () => {
    const done = await aJob();
    await setJob(api, caller.tenantId, done, succeeded());
    const json = await aJob({ format: "JSON" });
    const unmatched = await aJob({ reportType: "UNMATCHED", format: "XML" });
    const of = async (query: string): Promise<string[]> =>
      idsOf(await list(`${path()}?${query}`)).toSorted();
    expect(await of("status=SUCCEEDED")).toEqual([done]);
    expect(await of("status=queued")).toEqual([json, unmatched].toSorted());
    expect(await of("status=QUEUED&status=SUCCEEDED")).toEqual([done, json, unmatched].toSorted());
    expect(await of("format=JSON&format=XML")).toEqual([json, unmatched].toSorted());
    expect(await of("reportType=matches")).toEqual([done, json].toSorted());
    expect(await of("reportType=MATCHED&format=CSV&status=SUCCEEDED")).toEqual([done]);
    expect(await of("reportType=EXCEPTIONS")).toEqual([]);
    const { body } = await caller.get(`/v1/export-jobs/${done}`).expect(200);
    const finishedAt = body.finishedAt as string;
    const later = new Date(Date.parse(finishedAt) + 1).toISOString();
    expect(await of(`finishedFrom=${finishedAt}`)).toEqual([done]);
    expect(await of(`finishedFrom=${later}`)).toEqual([]);
  });

  it("can be paged through without a gap while jobs are added", async () => {
    const there: string[] = [];
    for (let n = 0; n < 7; n++) there.unshift(await aJob());
    const seen: string[] = [];
    let page = await list(`${path()}?limit=3`);
    for (;;) {
      seen.push(...idsOf(page));
      if (page.nextCursor === undefined) break;
      await aJob();
      page = await list(`${path()}?limit=3&cursor=${page.nextCursor}`);
    }
    expect(seen).toEqual(there);
  });

  it("accepts a cursor only with the same filters, in any order", async () => {
    for (let n = 0; n < 3; n++) await aJob();
    const filters = "status=QUEUED&status=RUNNING";
    const { nextCursor } = await list(`${path()}?limit=1&${filters}`);
    const at = (query: string) => caller.get(`${path()}?limit=1&cursor=${nextCursor}&${query}`);
    await at("status=RUNNING&status=QUEUED&status=QUEUED").expect(200);
    await at("status=QUEUED").expect(400);
    await at(`${filters}&format=CSV`).expect(400);
    await caller.get(`/v1/contexts?cursor=${nextCursor}`).expect(400);
    await caller
      .get(`/v1/contexts/${await caller.aContext()}/export-jobs?${filters}&cursor=${nextCursor}`)
      .expect(400);
    const other =
      path() === "/v1/export-jobs" ? `/v1/contexts/${contextId}/export-jobs` : "/v1/export-jobs";
    await caller.get(`${other}?${filters}&cursor=${nextCursor}`).expect(400);
  });

  it.each([
    ["limit=0", 400],
    ["limit=-1", 400],
    ["limit=x", 422],
    ["limit=1.5", 422],
    ["limit=1&limit=2", 400],
    ["status=DONE", 400],
    ["format=PDF", 400],
    ["reportType=SUMMARY", 400],
    ["finishedFrom=2026-04-02", 422],
    ["cursor=x", 400],
    ["sort=createdAt", 400],
    ["tenantId=1", 400],
  ])("refuses %s with %i", async (query, status) => {
    await caller.get(`${path()}?${query}`).expect(status);
  });

  it("serves a limit over 200 as 200", async () => {
    expect((await list(`${path()}?limit=1000`)).limit).toBe(200);
  });
});

describe("GET /v1/contexts/{contextId}/export-jobs", () => {
  it("returns only the jobs of the context", async () => {
    const mine = await aJob();
    await aJob({}, await caller.aContext());
    expect(idsOf(await list(`/v1/contexts/${contextId}/export-jobs`))).toEqual([mine]);
  });

  it("returns 404 for an unknown context and for another tenant's, and 422 for a malformed id", async () => {
    await caller.get(`/v1/contexts/${randomUUID()}/export-jobs`).expect(404);
    await api.caller().get(`/v1/contexts/${contextId}/export-jobs`).expect(404);
    await caller.get("/v1/contexts/x/export-jobs").expect(422);
    await caller.get(`/v1/contexts/${contextId}/export-jobs?contextId=${contextId}`).expect(400);
  });
});

describe("GET /v1/export-jobs", () => {
  it("returns the jobs of all contexts or of one, and never another tenant's", async () => {
    const otherContext = await caller.aContext();
    const one = await aJob();
    const two = await aJob({}, otherContext);
    expect(idsOf(await list("/v1/export-jobs"))).toEqual([two, one]);
    expect(idsOf(await list(`/v1/export-jobs?contextId=${otherContext}`))).toEqual([two]);
    expect(idsOf(await list(`/v1/export-jobs?contextId=${randomUUID()}`))).toEqual([]);
    await caller.get("/v1/export-jobs?contextId=x").expect(422);
    const stranger = await api.caller().get("/v1/export-jobs").expect(200);
    expect(stranger.body.items).toEqual([]);
  });

  it("requires the permission to read exports", async () => {
    const { tenantId } = caller;
    const without = api.caller({ tenant_id: tenantId, permissions: ["export-job:write"] });
    await without.get("/v1/export-jobs").expect(403);
    await without.get(`/v1/contexts/${contextId}/export-jobs`).expect(403);
  });
});
