import { aFile, upload } from "../support/evidence.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const DETAILS = {
  disputedAmount: "7.50",
  respondBy: "2026-04-01T12:00:00+02:00",
  assignedTo: " kim ",
  reference: "CASE-7",
};
const STORED = {
  disputedAmount: "7.5",
  respondBy: "2026-04-01T10:00:00.000Z",
  assignedTo: "kim",
  reference: "CASE-7",
};

const patch = (id: string, body: object) => suite.tenant.send("patch", `/v1/disputes/${id}`, body);
const close = (id: string, body: object) =>
  suite.tenant.send("post", `/v1/disputes/${id}/close`, { resolution: "r", ...body });
const create = async (body: object, amount = "-12.30") => {
  const exceptionId = await suite.tenant.anException({ transaction: { amount } });
  const dispute = { category: "OTHER", description: "d", ...body };
  return suite.tenant.send("post", `/v1/exceptions/${exceptionId}/disputes`, dispute);
};

describe("the details of a dispute", () => {
  it("are given on creation; by default all of the transaction is disputed", async () => {
    expect((await create(DETAILS)).body).toMatchObject({ ...STORED, currency: "EUR" });
    const { body } = await create({});
    expect(body).toMatchObject({ disputedAmount: "12.3", overdue: false });
    for (const absent of ["respondBy", "assignedTo", "reference", "recoveredAmount"])
      expect(body).not.toHaveProperty(absent);
    expect((await create({}, "0")).body).toMatchObject({ disputedAmount: "0" });
  });

  it.each(["DRAFT", "OPEN", "PENDING_EVIDENCE"])("can change in %s", async (state) => {
    const id = await suite.tenant.aDispute(state);
    const { body } = await patch(id, DETAILS).expect(200);
    expect(body).toMatchObject({ state, ...STORED });
    const cleared = { respondBy: null, assignedTo: null, reference: null };
    const after = (await patch(id, cleared).expect(200)).body;
    for (const absent of Object.keys(cleared)) expect(after).not.toHaveProperty(absent);
    const [updated, last] = (await suite.tenant.history(id)).slice(-2);
    expect(updated).toMatchObject({ type: "updated", note: "disputedAmount was: 12.3" });
    expect(last?.["note"]).toBe(
      `respondBy was: ${STORED.respondBy}\nassignedTo was: kim\nreference was: CASE-7`,
    );
  });

  it.each(["WON", "LOST"])("cannot change in %s", async (state) => {
    const id = await suite.tenant.aDispute(state);
    const { body } = await patch(id, { assignedTo: "kim" }).expect(409);
    expect(body.code).toBe("invalid_dispute_transition");
  });

  it("cannot change together with the texts of a dispute that is open", async () => {
    const id = await suite.tenant.aDispute();
    await patch(id, { assignedTo: "kim", description: "d" }).expect(409);
    expect((await suite.tenant.getDispute(id)).body).toMatchObject({ version: 1 });
  });

  it("keep the version when nothing changes", async () => {
    const id = await suite.tenant.aDispute();
    await patch(id, DETAILS).expect(200);
    const before = [(await suite.tenant.getDispute(id)).body, await suite.tenant.audit()];
    const answer = await patch(id, { ...DETAILS, disputedAmount: "7.5" }).expect(200);
    expect([answer.body, await suite.tenant.audit()]).toEqual(before);
    await patch(id, {}).expect(400);
  });

  it.each<[object, number, string]>([
    [{ disputedAmount: "12.30000001" }, 422, "disputedAmount"],
    [{ disputedAmount: "0" }, 422, "disputedAmount"],
    [{ disputedAmount: "-1" }, 422, "disputedAmount"],
    [{ disputedAmount: 5 }, 422, "disputedAmount"],
    [{ disputedAmount: null }, 422, "disputedAmount"],
    [{ respondBy: "2026-04-01" }, 422, "respondBy"],
    [{ assignedTo: "k".repeat(201) }, 422, "assignedTo"],
    [{ reference: " " }, 400, "reference"],
    [{ recoveredAmount: "1", reference: "C" }, 400, "recoveredAmount"],
  ])("are refused when they are %j: %i", async (body, status, field) => {
    const id = await suite.tenant.aDispute();
    for (const answer of [await patch(id, body), await create(body)]) {
      expect(answer.status).toBe(status);
      expect(answer.body.errors).toMatchObject([{ field }]);
    }
    expect((await suite.tenant.getDispute(id)).body.version).toBe(1);
  });

  it("stay when the transaction changes later, and the new amount limits new values", async () => {
    const { body: dispute } = await create({ disputedAmount: "10" });
    const path = `/v1/exceptions/${dispute.exceptionId}`;
    const { externalId } = (await suite.tenant.send("get", path).expect(200)).body.transaction;
    const record = { source: "Bank", externalId, amount: "-4" };
    await suite.tenant.push([`${JSON.stringify(record)}\n`]);
    expect((await suite.tenant.getDispute(dispute.id)).body.disputedAmount).toBe("10");
    await patch(dispute.id, { disputedAmount: "10", reference: "C" }).expect(200);
    await patch(dispute.id, { disputedAmount: "5" }).expect(422);
    await patch(dispute.id, { disputedAmount: "4" }).expect(200);
  });

  it("make a dispute overdue while it waits for a response", async () => {
    const { body } = await create({ respondBy: "2026-01-01T00:00:00Z", draft: true });
    const overdue = async () => (await suite.tenant.getDispute(body.id)).body.overdue;
    expect(await overdue()).toBe(false);
    await suite.tenant.send("post", `/v1/disputes/${body.id}/open`).expect(200);
    expect(await overdue()).toBe(true);
    await close(body.id, { won: false }).expect(200);
    expect(await overdue()).toBe(false);
  });
});

describe("the recovered amount", () => {
  it("is all of the disputed amount, or what is given", async () => {
    const [all, part] = [(await create(DETAILS)).body.id, (await create(DETAILS)).body.id];
    expect((await close(all, { won: true }).expect(200)).body.recoveredAmount).toBe("7.5");
    const { body } = await close(part, { won: true, recoveredAmount: "2.50" }).expect(200);
    expect(body.recoveredAmount).toBe("2.5");
    const { items } = (await suite.tenant.send("get", "/v1/disputes?state=WON").expect(200)).body;
    expect(
      items.map((item: { recoveredAmount: string }) => item.recoveredAmount).toSorted(),
    ).toEqual(["2.5", "7.5"]);
  });

  it("is refused above the disputed amount, and of a loss", async () => {
    const id = (await create(DETAILS)).body.id as string;
    const above = await close(id, { won: true, recoveredAmount: "7.51" }).expect(422);
    expect(above.body.errors).toMatchObject([{ field: "recoveredAmount" }]);
    await close(id, { won: true, recoveredAmount: "0" }).expect(422);
    await close(id, { won: false, recoveredAmount: "1" }).expect(400);
    const { body } = await close(id, { won: false }).expect(200);
    expect(body).not.toHaveProperty("recoveredAmount");
  });
});

describe("POST /v1/disputes/{disputeId}/notes", () => {
  it.each(["DRAFT", "OPEN", "PENDING_EVIDENCE", "WON", "LOST"])(
    "is accepted in %s",
    async (state) => {
      const id = await suite.tenant.aDispute(state);
      const before = (await suite.tenant.getDispute(id)).body;
      const note = { note: " They called. " };
      const { body } = await suite.tenant
        .send("post", `/v1/disputes/${id}/notes`, note, "bob")
        .set("If-Match", `"${before.version}"`)
        .expect(201);
      expect(body).toMatchObject({ type: "note-added", actor: "bob", note: "They called." });
      expect((await suite.tenant.history(id)).at(-1)).toEqual(body);
      expect((await suite.tenant.getDispute(id)).body).toEqual({
        ...before,
        version: before.version + 1,
        updatedAt: body.at,
      });
      expect((await suite.tenant.audit()).at(-1)).toMatchObject({ action: "dispute.note-added" });
      await suite.tenant
        .send("post", `/v1/disputes/${id}/notes`, note)
        .set("If-Match", `"${before.version}"`)
        .expect(412);
    },
  );

  it("requires a note of at most 5,000 characters", async () => {
    const path = `/v1/disputes/${await suite.tenant.aDispute()}/notes`;
    await suite.tenant.send("post", path, {}).expect(400);
    await suite.tenant.send("post", path, { note: "n".repeat(5_001) }).expect(422);
  });
});

describe("the kind of evidence", () => {
  it("satisfies the checklist, whether it comes as a URL or as a file", async () => {
    const { body: dispute } = await create({ category: "DUPLICATE_TRANSACTION" });
    const proof = { comment: "c", fileUrl: "https://a/b" };
    const path = `/v1/disputes/${dispute.id}/evidence`;
    const url = await suite.tenant
      .send("post", path, { ...proof, kind: "ledger_extract" })
      .expect(200);
    expect(url.body.evidence).toMatchObject([{ kind: "LEDGER_EXTRACT" }]);
    const query = "comment=c&kind=Receipt";
    await upload(suite.tenant, dispute.id, aFile("text/csv", 10), { query });
    const { body } = await suite.tenant.send("post", path, proof).expect(200);
    expect(body.evidence).toMatchObject([
      { kind: "LEDGER_EXTRACT" },
      { kind: "RECEIPT" },
      { kind: "OTHER" },
    ]);
    expect(body.checklist).toEqual([
      { kind: "BANK_STATEMENT", level: "REQUIRED", satisfied: false },
      { kind: "LEDGER_EXTRACT", level: "REQUIRED", satisfied: true },
      { kind: "RECEIPT", level: "RECOMMENDED", satisfied: true },
    ]);
  });

  it("is one of the list", async () => {
    const id = await suite.tenant.aDispute();
    const proof = { comment: "c", fileUrl: "https://a/b" };
    for (const [kind, status] of [
      ["PHOTO", 400],
      [7, 422],
    ] as const) {
      const answer = await suite.tenant.send("post", `/v1/disputes/${id}/evidence`, {
        ...proof,
        kind,
      });
      expect([answer.status, answer.body.errors[0].field]).toEqual([status, "kind"]);
    }
    const query = "comment=c&kind=photo";
    const { status } = await upload(suite.tenant, id, aFile("text/csv", 10), { query });
    expect(status).toBe(400);
  });
});
