import { withTenant } from "@docket/platform/database";
import type { StorageTarget } from "@docket/testing";
import type request from "supertest";
import { createApi, type Caller, type TestApi } from "./api.ts";
import { createBench, type Bench } from "./disputes.ts";
import { createEvidenceStage, type EvidenceStage } from "./evidence.ts";
import { createExceptionBench } from "./exceptions.ts";

/** Set-up that the tests of a file share. Every test gets a new tenant. */

/** One API per file; `setUp` creates the bench of each test. */
function apiSuite<Own>(setUp: (api: TestApi) => Promise<Own>) {
  let api: TestApi;
  let bench: Own;
  beforeAll(async () => {
    api = await createApi();
  });
  beforeEach(async () => {
    bench = await setUp(api);
  });
  afterAll(() => api.close());
  return {
    get api(): TestApi {
      return api;
    },
    get bench(): Own {
      return bench;
    },
  };
}

export const disputeSuite = () => apiSuite((api) => createBench(api));

export const exceptionSuite = () => apiSuite((api) => createExceptionBench(api));

/** One listening API per file, with a store that can be made unreachable. */
export function evidenceSuite(target?: StorageTarget) {
  let stage: EvidenceStage;
  let bench: Bench;
  beforeAll(async () => {
    stage = await createEvidenceStage(target);
  });
  beforeEach(async () => {
    bench = await stage.bench();
  });
  afterAll(() => stage.close());
  return {
    get stage(): EvidenceStage {
      return stage;
    },
    get bench(): Bench {
      return bench;
    },
  };
}

/** The body of most export requests in the tests. */
export const WANTED = { reportType: "MATCHED", format: "CSV" };

/** A caller with a context. */
export function exportSuite() {
  const suite = apiSuite(async (api): Promise<{ caller: Caller; contextId: string }> => {
    const caller = api.caller();
    return { caller, contextId: await caller.aContext() };
  });
  const prisma = () => suite.api.context.database.prisma;
  const create = (body: object = WANTED, context = suite.bench.contextId): request.Test =>
    suite.bench.caller.post(`/v1/contexts/${context}/export-jobs`, body);
  return {
    get api(): TestApi {
      return suite.api;
    },
    get caller(): Caller {
      return suite.bench.caller;
    },
    get contextId(): string {
      return suite.bench.contextId;
    },
    create,
    /** Creates a job and returns its ID. */
    aJob: async (body?: object): Promise<string> => {
      const answer = await create(body).expect(202);
      return answer.body.jobId as string;
    },
    auditOf: (tenantId: string) =>
      withTenant(tenantId, () => prisma().auditEvent.findMany({ orderBy: { seq: "asc" } })),
    rowsOf: (tenantId: string) => withTenant(tenantId, () => prisma().exportJob.findMany()),
  };
}
