import { waitFor } from "@docket/testing";
import { createLifetime } from "@docket/platform";
import { startOperations } from "../../src/context.ts";
import { createStage, type Stage } from "../support/stage.ts";

let api: Stage;
const lifetime = createLifetime({ error: () => undefined } as never);
let base: string;

beforeAll(async () => {
  api = await createStage({ operations: { port: 0, host: "127.0.0.1" } });
  base = `http://127.0.0.1:${await startOperations(api.context, lifetime)}`;
});

afterAll(async () => {
  await lifetime.close();
  await api.close();
});

const scrape = async (): Promise<string> => (await fetch(`${base}/metrics`)).text();

describe("the API's operations port", () => {
  it("counts requests by the pattern of their path, never by the path", async () => {
    const caller = api.caller();
    const contextId = await caller.aContext();
    await caller.get(`/v1/contexts/${contextId}`).expect(200);
    await caller.get("/v1/nothing-there").expect(404);
    const text = await scrape();
    expect(text).toContain(
      'docket_http_request_duration_seconds_count{method="GET",route="/v1/contexts/:contextId",status="200"} 1',
    );
    expect(text).toContain(
      'docket_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
    );
    expect(text).not.toContain(contextId);
  });

  it("counts the creates and the cancellations of exports once each", async () => {
    const caller = api.caller();
    const path = `/v1/contexts/${await caller.aContext()}/export-jobs`;
    const { body } = await caller.post(path, { reportType: "VARIANCE", format: "XML" }).expect(202);
    await caller.post(`/v1/export-jobs/${body.jobId}/cancel`).expect(200);
    await caller.post(`/v1/export-jobs/${body.jobId}/cancel`).expect(200);
    const text = await scrape();
    for (const status of ["QUEUED", "CANCELED"]) {
      expect(text).toContain(
        `docket_export_job_transitions_total{report="VARIANCE",format="XML",status="${status}"} 1`,
      );
    }
  });

  it("serves liveness and readiness", async () => {
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    const ready = await fetch(`${base}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { database: "up", storage: "up" } });
    await api.storageProxy.refuse();
    // The answer before is shared for a second.
    const unready = await waitFor(async () => {
      const response = await fetch(`${base}/readyz`);
      return response.status === 503 && response;
    });
    expect(await unready.json()).toMatchObject({ checks: { database: "up", storage: "down" } });
  });
});
