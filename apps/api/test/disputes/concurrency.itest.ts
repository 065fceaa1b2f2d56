import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const statusesOf = (answers: readonly { status: number }[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

describe("simultaneous requests", () => {
  it("all add their evidence, in the order of the history", async () => {
    const id = await suite.tenant.aDispute();
    const people = ["ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal"];
    await Promise.all(
      people.map((sub) =>
        suite.tenant
          .send(
            "post",
            `/v1/disputes/${id}/evidence`,
            { comment: sub, fileUrl: "https://a/b" },
            sub,
          )
          .expect(200),
      ),
    );
    const { body } = await suite.tenant.getDispute(id);
    expect(body.version).toBe(9);
    const comments = body.evidence.map((each: { comment: string }) => each.comment);
    expect(comments.toSorted()).toEqual(people);
    const added = (await suite.tenant.history(id)).slice(1);
    expect(added.map(({ actor }) => actor)).toEqual(comments);
    expect(added.map(({ evidenceId }) => evidenceId)).toEqual(
      body.evidence.map((each: { id: string }) => each.id),
    );
  });

  it("close a dispute once, and the others get 409", async () => {
    const id = await suite.tenant.aDispute();
    const answers = await Promise.all(
      [true, false, true, false].map((won, index) =>
        suite.tenant.send("post", `/v1/disputes/${id}/close`, { won, resolution: `r${index}` }),
      ),
    );
    const [winner, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const { status, body } of answers.filter((each) => each !== winner)) {
      expect({ status, code: body.code }).toEqual({
        status: 409,
        code: "invalid_dispute_transition",
      });
      expect(body.detail).toMatch(/(WON|LOST).*close/);
    }
    const { body } = await suite.tenant.getDispute(id);
    expect(body).toEqual(winner?.body);
    expect(await suite.tenant.history(id)).toHaveLength(2);
  });

  it("add at most 50 evidence items", async () => {
    const id = await suite.tenant.aDispute();
    const path = `/v1/disputes/${id}/evidence`;
    const proof = { comment: "c", fileUrl: "https://a/b" };
    for (let n = 0; n < 48; n += 1) await suite.tenant.send("post", path, proof).expect(200);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => suite.tenant.send("post", path, proof)),
    );
    expect(statusesOf(answers)).toEqual([200, 200, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "evidence_limit_reached",
      detail: expect.stringContaining("50 evidence items"),
    });
    expect((await suite.tenant.getDispute(id)).body.evidence).toHaveLength(50);
  });
});

describe("ETag and If-Match", () => {
  it("carry the version, and If-None-Match with the current one gets 304", async () => {
    const id = await suite.tenant.aDispute();
    const path = `/v1/disputes/${id}`;
    expect((await suite.tenant.getDispute(id)).headers["etag"]).toBe('"1"');
    for (const tag of ['"1"', 'W/"1"', '"7", "1"', "*"]) {
      const answer = await suite.tenant.send("get", path).set("If-None-Match", tag).expect(304);
      expect(answer.headers["etag"]).toBe('"1"');
      expect(answer.text).toBe("");
    }
    await suite.tenant.send("get", path).set("If-None-Match", '"2"').expect(200);
  });

  it.each<[string, "post" | "patch", string, object, string]>([
    ["update", "patch", "", { description: "d" }, "DRAFT"],
    ["open", "post", "/open", {}, "DRAFT"],
    ["request-evidence", "post", "/request-evidence", { note: "n" }, "OPEN"],
    ["evidence", "post", "/evidence", { comment: "c", fileUrl: "https://a/b" }, "OPEN"],
    ["close", "post", "/close", { won: true, resolution: "r" }, "OPEN"],
    ["reopen", "post", "/reopen", { reason: "r" }, "LOST"],
  ])("are honored by %s", async (_name, method, suffix, body, state) => {
    const id = await suite.tenant.aDispute(state);
    const { body: before } = await suite.tenant.getDispute(id);
    const path = `/v1/disputes/${id}${suffix}`;
    for (const stale of ['"99"', `W/"${before.version}"`, "7"]) {
      const answer = await suite.tenant.send(method, path, body).set("If-Match", stale).expect(412);
      expect(answer.body.code).toBe("precondition_failed");
    }
    expect((await suite.tenant.getDispute(id)).body).toEqual(before);
    const answer = await suite.tenant
      .send(method, path, body)
      .set("If-Match", `"${before.version}"`)
      .expect(200);
    expect(answer.headers["etag"]).toBe(`"${before.version + 1}"`);
  });

  it("let one of two writers with the same version succeed", async () => {
    const id = await suite.tenant.aDispute("DRAFT");
    const answers = await Promise.all(
      ["a", "b"].map((description) =>
        suite.tenant.send("patch", `/v1/disputes/${id}`, { description }).set("If-Match", '"1"'),
      ),
    );
    expect(statusesOf(answers)).toEqual([200, 412]);
  });
});
