import { randomUUID } from "node:crypto";
import { createStage, type Stage } from "../support/stage.ts";
import type { Caller } from "../support/caller.ts";
import { setJob, succeeded } from "../support/export-rows.ts";

let api: Stage;
let alice: Caller;
let bob: Caller;
let contextId: string;
let jobId: string;

const WANTED = { reportType: "MATCHED", format: "CSV" };

beforeAll(async () => {
  api = await createStage();
  [alice, bob] = [api.caller(), api.caller()];
  contextId = await alice.aContext();
  const { body } = await alice.post(`/v1/contexts/${contextId}/export-jobs`, WANTED).expect(202);
  jobId = body.jobId;
  await setJob(api, alice.tenantId, jobId, succeeded());
});

afterAll(() => api.close());

describe("IDs of another tenant", () => {
  const source = { name: "x", type: "BANK", side: "LEFT" };
  const calls: [string, (caller: Caller, id: string) => ReturnType<Caller["get"]>, () => string][] =
    [
      ["a context", (caller, id) => caller.get(`/v1/contexts/${id}`), () => contextId],
      ["its sources", (caller, id) => caller.get(`/v1/contexts/${id}/sources`), () => contextId],
      [
        "a new source in it",
        (caller, id) => caller.post(`/v1/contexts/${id}/sources`, source),
        () => contextId,
      ],
      [
        "an export of it",
        (caller, id) => caller.post(`/v1/contexts/${id}/export-jobs`, WANTED),
        () => contextId,
      ],
      [
        "an estimate of it",
        (caller, id) => caller.post(`/v1/contexts/${id}/export-jobs/estimate`, WANTED),
        () => contextId,
      ],
      ["an export job", (caller, id) => caller.get(`/v1/export-jobs/${id}`), () => jobId],
      ["its file", (caller, id) => caller.get(`/v1/export-jobs/${id}/download`), () => jobId],
    ];

  it.each(calls)("get the response of unknown IDs, byte for byte: %s", async (_, call, id) => {
    const unknownId = randomUUID();
    const unknown = await call(bob, unknownId).set("X-Request-Id", "same").expect(404);
    const foreign = await call(bob, id()).set("X-Request-Id", "same").expect(404);
    expect(foreign.text.replaceAll(id(), "ID")).toBe(unknown.text.replaceAll(unknownId, "ID"));
    const headers = ({ headers: { date: _date, ...rest } }: typeof foreign) => rest;
    expect(headers(foreign)).toEqual(headers(unknown));
  });

  it("are refused as the source of an export", async () => {
    const sourceId = await alice.aSource(contextId);
    const own = await bob.aContext();
    const call = (id: string) =>
      bob.post(`/v1/contexts/${own}/export-jobs`, { ...WANTED, sourceId: id });
    const foreign = await call(sourceId).set("X-Request-Id", "same").expect(400);
    const unknown = await call(randomUUID()).set("X-Request-Id", "same").expect(400);
    expect(foreign.text).toBe(unknown.text);
  });

  it("stay hidden when both tenants send requests at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? alice : bob).get(`/v1/contexts/${contextId}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 200 : 404)),
    );
  });
});
