import { withBrokenTable } from "@docket/testing";
import { randomUUID } from "node:crypto";
import { createStage } from "../support/stage.ts";
import { aFile, upload } from "../support/evidence.ts";
import { createTenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

describe("GET …/evidence/{evidenceId}/download", () => {
  it("returns 404 for evidence given by URL, of another dispute, or of another tenant", async () => {
    const other = await createTenant(suite.stage);
    const [one, two] = [await suite.tenant.aDispute(), await suite.tenant.aDispute()];
    const byUrl = await suite.tenant
      .send("post", `/v1/disputes/${one}/evidence`, { comment: "c", fileUrl: "https://a/b" })
      .expect(200);
    const { body } = await upload(suite.tenant, two, aFile("text/csv", 20)).expect(201);
    const fileId = body.evidence[0].id as string;
    const paths = [
      [suite.tenant, `${one}/evidence/${byUrl.body.evidence[0].id}`],
      [suite.tenant, `${one}/evidence/${fileId}`],
      [suite.tenant, `${two}/evidence/${randomUUID()}`],
      [other, `${two}/evidence/${fileId}`],
    ] as const;
    for (const [who, path] of paths)
      await who.send("get", `/v1/disputes/${path}/download`).expect(404);
    await suite.tenant.send("get", `/v1/disputes/${two}/evidence/x/download`).expect(422);
    expect((await suite.tenant.audit()).map(({ action }) => action)).not.toContain(
      "dispute.evidence-downloaded",
    );
  });

  it.each([
    ["an HTML page sent as a CSV", "text/csv", "<html><script>alert(1)</script>", "a.html", "csv"],
    [
      "a script before a PDF",
      "application/pdf",
      "<script>alert(1)</script>%PDF-1.7",
      "a.js",
      "pdf",
    ],
    [
      "a page after a PNG's magic number",
      "image/png",
      "\x89PNG\r\n\x1a\n<html><script>",
      "a.svg",
      "png",
    ],
  ])("returns %s as an attachment with a safe name", async (_name, type, text, name, extension) => {
    const id = await suite.tenant.aDispute();
    const query = `comment=c&fileName=${encodeURIComponent(`../../${name}\u202e\r\nX-Evil: 1`)}`;
    const file = Buffer.from(text, "latin1");
    const { body } = await upload(suite.tenant, id, file, { type, query }).expect(201);
    const { body: link } = await suite.tenant.send("get", body.evidence[0].fileUrl).expect(200);
    const got = await fetch(link.downloadUrl);
    expect(Buffer.from(await got.arrayBuffer()).equals(file)).toBe(true);
    const fileName = `${name}X-Evil_ 1.${extension}`;
    expect(Object.fromEntries(got.headers)).toMatchObject({
      "content-type": type,
      "content-disposition": `attachment; filename="${fileName}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      "x-content-type-options": "nosniff",
    });
    expect(got.headers.get("x-evil")).toBeNull();
  });

  it("returns no URL if the audit event cannot be written", async () => {
    const id = await suite.tenant.aDispute();
    const { body } = await upload(suite.tenant, id, aFile("text/csv", 20)).expect(201);
    const answer = await withBrokenTable(suite.stage.testDatabase, "audit_events", async () =>
      suite.tenant.send("get", body.evidence[0].fileUrl),
    );
    expect(answer.status).toBe(500);
    expect(answer.body).not.toHaveProperty("downloadUrl");
  });

  it("returns a URL whose parameters cannot be changed", async () => {
    const id = await suite.tenant.aDispute();
    const { body } = await upload(suite.tenant, id, aFile("text/csv", 20)).expect(201);
    const { body: link } = await suite.tenant.send("get", body.evidence[0].fileUrl).expect(200);
    for (const [name, value] of [
      ["response-content-type", "text/html"],
      ["response-content-disposition", "inline"],
    ] as const) {
      const changed = new URL(link.downloadUrl);
      changed.searchParams.set(name, value);
      expect((await fetch(changed)).status).toBe(403);
    }
  });
});

describe("without object storage", () => {
  it("an upload returns 503 and writes nothing", async () => {
    const api = await createStage({ storage: undefined });
    try {
      const tenant = await createTenant(api);
      const id = await tenant.aDispute();
      const path = `/v1/disputes/${id}/evidence/upload?comment=c`;
      const { body } = await tenant
        .send("post", path)
        .set("Content-Type", "text/csv")
        .send("a;b\n")
        .expect(503);
      expect(body.code).toBe("storage_not_configured");
      expect(await tenant.storedObjects()).toEqual([]);
      expect((await tenant.getDispute(id)).body.version).toBe(1);
    } finally {
      await api.close();
    }
  });
});
