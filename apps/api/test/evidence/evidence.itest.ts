import { createHash, randomUUID } from "node:crypto";
import { storageTargets } from "@docket/testing";
import { aFile, balance, balanced, MIB, upload, type UploadOptions } from "../support/evidence.ts";
import { useStage } from "../support/use-stage.ts";

const sha256 = (bytes: Buffer, encoding: "hex" | "base64" = "hex"): string =>
  createHash("sha256").update(bytes).digest(encoding);

describe.each(storageTargets())("POST …/evidence/upload on $name", (target) => {
  const suite = useStage({}, target);

  const send = (id: string, file: Buffer, options?: UploadOptions) =>
    upload(suite.tenant, id, file, options);

  it.each(
    [
      ["application/pdf", "pdf"],
      ["image/png", "png"],
      ["image/jpeg", "jpg"],
      ["text/csv", "csv"],
    ].flatMap(([type, extension]) =>
      [false, true].map((chunked) => ({ type: type!, extension: extension!, chunked })),
    ),
  )("stores $type (chunked: $chunked) and returns it", async ({ type, extension, chunked }) => {
    const id = await suite.tenant.aDispute("PENDING_EVIDENCE");
    const file = aFile(type, 70_000);
    const query = `comment=see%20it&fileName=${encodeURIComponent(`../März "1".${extension}`)}`;
    const answer = await send(id, file, { type: `${type}; x=y`, query, chunked }).expect(201);
    expect(answer.body).toMatchObject({ state: "OPEN", version: 3 });
    expect(answer.headers["etag"]).toBe('"3"');
    const [evidence] = answer.body.evidence;
    const path = `/v1/disputes/${id}/evidence/${evidence.id}`;
    const fileName = `März _1_.${extension}`;
    expect(evidence).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      disputeId: id,
      kind: "OTHER",
      comment: "see it",
      submittedBy: "alice",
      submittedAt: expect.any(String),
      fileUrl: `${path}/download`,
      file: { fileName, contentType: type, sizeBytes: 70_000, sha256: sha256(file) },
    });
    const [row] = await suite.tenant.files();
    expect(row?.objectKey).toBe(
      `${suite.tenant.tenantId}/disputes/${id}/${evidence.id}.${extension}`,
    );

    const { body: link } = await suite.tenant.send("get", evidence.fileUrl).expect(200);
    expect(link).toEqual({
      downloadUrl: expect.any(String),
      fileName,
      sha256: sha256(file),
      expiresIn: 900,
    });
    const got = await fetch(link.downloadUrl);
    expect(Buffer.from(await got.arrayBuffer()).equals(file)).toBe(true);
    expect(got.headers.get("content-type")).toBe(type);
    expect(got.headers.get("content-disposition")).toBe(
      `attachment; filename="M_rz _1_.${extension}"; filename*=UTF-8''M%C3%A4rz%20_1_.${extension}`,
    );
    expect((await suite.tenant.audit()).slice(-2)).toMatchObject([
      { action: "dispute.evidence-added", subject: `/v1/disputes/${id}` },
      {
        action: "dispute.evidence-downloaded",
        subject: `/v1/disputes/${id}`,
        actor: "alice",
        data: { id, evidenceCount: 1, evidenceId: evidence.id },
      },
    ]);
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });

  it.each([false, true])("accepts exactly 10 MiB (chunked: %s)", async (chunked) => {
    const id = await suite.tenant.aDispute();
    const file = aFile("application/pdf", 10 * MIB);
    const type = "application/pdf";
    const { body } = await send(id, file, { type, chunked }).expect(201);
    expect(body.evidence[0].file).toMatchObject({ sizeBytes: 10 * MIB, sha256: sha256(file) });
    const more = Buffer.concat([file, Buffer.from("x")]);
    const refused = await send(id, more, { type, chunked }).expect(413);
    expect(refused.body).toMatchObject({ code: "payload_too_large" });
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });

  it("derives the file name from the evidence ID by default, and corrects a misleading extension", async () => {
    const id = await suite.tenant.aDispute();
    const { body } = await send(id, aFile("text/csv", 20)).expect(201);
    expect(body.evidence[0].file.fileName).toBe(`${body.evidence[0].id}.csv`);
    const html = await send(id, Buffer.from("<script>alert(1)</script>"), {
      query: "comment=c&fileName=a.html",
    }).expect(201);
    expect(html.body.evidence[1].file).toMatchObject({
      fileName: "a.html.csv",
      contentType: "text/csv",
    });
  });

  it.each<[string, string, string, number, boolean]>([
    ["a PNG sent as a PDF", "application/pdf", "\x89PNG\r\n\x1a\n", 415, true],
    ["a script sent as a PDF", "application/pdf", "<script>", 415, false],
    ["a PDF sent as a CSV", "text/csv", "%PDF-1.7", 415, false],
    ["a ZIP sent as a CSV", "text/csv", "PK\x03\x04abc", 415, true],
    ["a CSV with a NUL near its end", "text/csv", `${"a;b\n".repeat(300_000)}\0`, 415, false],
    [
      "a chunked CSV with a NUL near its end",
      "text/csv",
      `${"a;b\n".repeat(1_500_000)}\0`,
      415,
      true,
    ],
    ["an unknown type", "text/html", "<p>", 415, false],
    ["an empty body", "text/csv", "", 400, false],
    ["a chunked empty body", "text/csv", "", 400, true],
  ])("refuses %s", async (_name, type, text, status, chunked) => {
    const id = await suite.tenant.aDispute();
    await send(id, Buffer.from(text, "latin1"), { type, chunked }).expect(status);
    expect((await suite.tenant.getDispute(id)).body).toMatchObject({ version: 1, evidence: [] });
    expect(await balance(suite.tenant)).toEqual(balanced(0));
  });

  it.each([false, true])("compares the body with Content-Digest (chunked: %s)", async (chunked) => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", 6 * MIB);
    const digest = (value: string) => ({ headers: { "Content-Digest": value }, chunked });
    const right = `sha-512=:YQ==:, sha-256=:${sha256(file, "base64")}:`;
    const wrong = `sha-256=:${sha256(Buffer.from("other"), "base64")}:`;
    const refused = await send(id, file, digest(wrong)).expect(400);
    expect(refused.body.errors).toMatchObject([{ field: "Content-Digest" }]);
    for (const bad of ["sha-256=abc", "sha-256=:YQ==:", "sha-256", "=:YQ==:", "sha-256=:&:"])
      await send(id, file, digest(bad)).expect(422);
    expect(await balance(suite.tenant)).toEqual(balanced(0));
    await send(id, file, digest(right)).expect(201);
    await send(id, file, digest("sha-512=:YQ==:")).expect(201);
    expect(await balance(suite.tenant)).toEqual(balanced(2));
  });

  it("runs the checks in the order of docs/api.md §4", async () => {
    const won = await suite.tenant.aDispute("WON");
    const id = await suite.tenant.aDispute();
    const big = { "Content-Length": String(11 * MIB) };
    const wrong = { type: "text/html", query: "" };
    const none = Buffer.alloc(0);
    await send(randomUUID(), none, wrong).expect(404);
    await send(won, none, wrong).expect(409);
    await send(id, none, wrong).expect(400);
    await send(id, none, { ...wrong, query: `comment=${"x".repeat(1_001)}` }).expect(422);
    await send(id, none, { type: "text/html", headers: big }).expect(415);
    await send(id, none, { headers: big }).expect(413);
    await send(id, none, { query: "comment=c&colour=red" }).expect(400);
    await send(id, none, { headers: { "Content-Encoding": "gzip" } }).expect(415);
    await send("x", none).expect(422);
    expect(await balance(suite.tenant)).toEqual(balanced(0));
  });

  it("honors If-Match", async () => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", 20);
    await send(id, file, { headers: { "If-Match": '"7"' } }).expect(412);
    await send(id, file, { headers: { "If-Match": '"1"' } }).expect(201);
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });

  it.each(["DRAFT", "WON", "LOST"])("refuses evidence for a dispute in %s", async (state) => {
    const { body } = await send(await suite.tenant.aDispute(state), aFile("text/csv", 20)).expect(
      409,
    );
    expect(body.code).toBe("invalid_dispute_transition");
  });
});
