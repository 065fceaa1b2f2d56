import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { aFile, upload } from "../support/evidence.ts";
import { createTenant } from "../support/tenant.ts";
import { validToken } from "../support/tokens.ts";
import { unzip } from "../support/unzip.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const fetchArchive = (id: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${suite.stage.port}/v1/disputes/${id}/archive`, {
    headers: { Authorization: `Bearer ${validToken({ tenant_id: suite.tenant.tenantId })}` },
    ...init,
  });

const archiveOf = async (id: string): Promise<Buffer> => {
  const response = await fetchArchive(id);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};

const files = [aFile("text/csv", 70_000), aFile("application/pdf", 200_000)] as const;

/** A dispute with two files and a link. */
async function fill(): Promise<string> {
  const id = await suite.tenant.aDispute();
  const [csv, pdf] = files;
  await upload(suite.tenant, id, csv, { query: "comment=c&fileName=bank.csv" }).expect(201);
  const link = { comment: '=1+1, "x"', fileUrl: "https://a/b", kind: "CONTRACT" };
  await suite.tenant.send("post", `/v1/disputes/${id}/evidence`, link).expect(200);
  const type = "application/pdf";
  await upload(suite.tenant, id, pdf, { type, query: "comment=c&fileName=bank.csv" }).expect(201);
  return id;
}

describe("GET /v1/disputes/{disputeId}/archive", () => {
  it("holds the dispute, its history, its files and links, and a manifest of them", async () => {
    const id = await fill();
    const response = await fetchArchive(id);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toContain(`dispute-${id}.zip`);
    const entries = unzip(Buffer.from(await response.arrayBuffer()));
    expect(entries.map(({ name }) => name)).toEqual([
      "dispute.json",
      "history.json",
      "evidence/01-bank.csv",
      "evidence/02-bank.csv.pdf",
      "links.csv",
      "manifest.json",
    ]);
    const [dispute, history, first, second, links, manifest] = entries.map(
      ({ content }) => content,
    );
    const { overdue: _overdue, ...fields } = (await suite.tenant.getDispute(id)).body;
    expect(JSON.parse(String(dispute))).toEqual(fields);
    expect(JSON.parse(String(history))).toEqual(await suite.tenant.history(id));
    expect([first, second]).toEqual(files);
    const { id: evidenceId, submittedAt } = fields.evidence[1];
    expect(String(links)).toBe(
      "evidence_id,file_url,comment,kind,submitted_by,submitted_at\n" +
        `${evidenceId},https://a/b,"'=1+1, ""x""",CONTRACT,alice,${submittedAt}\n`,
    );
    expect(JSON.parse(String(manifest))).toEqual(
      entries.slice(0, -1).map(({ name, content }) => ({
        name,
        sizeBytes: content.length,
        sha256: createHash("sha256").update(content).digest("hex"),
      })),
    );
  });

  it("has the same bytes for the same version, and is audited", async () => {
    const id = await fill();
    const one = await archiveOf(id);
    expect(await archiveOf(id)).toEqual(one);
    const audit = (await suite.tenant.audit()).slice(-2);
    const event = { action: "dispute.archived", subject: `/v1/disputes/${id}`, actor: "alice" };
    expect(audit).toMatchObject([event, event]);
    await suite.tenant.send("post", `/v1/disputes/${id}/notes`, { note: "n" }).expect(201);
    expect(await archiveOf(id)).not.toEqual(one);
    expect((await fetchArchive(id, { method: "HEAD" })).status).toBe(405);
  });

  it("of a dispute without evidence has only the header of the links", async () => {
    const entries = unzip(await archiveOf(await suite.tenant.aDispute()));
    expect(entries.map(({ name }) => name)).toEqual([
      "dispute.json",
      "history.json",
      "links.csv",
      "manifest.json",
    ]);
    expect(String(entries[2]?.content).split("\n")).toHaveLength(2);
  });

  it("has all of a long history", async () => {
    const id = await suite.tenant.aDispute();
    const row = { tenantId: suite.tenant.tenantId, disputeId: id, type: "note-added", actor: "a" };
    const { prisma } = suite.stage.context.database;
    await suite.tenant.inTenant(async () => {
      const data = Array.from({ length: 300 }, (_, n) => ({ ...row, version: n + 2 }));
      await prisma.disputeEvent.createMany({ data });
      // The last event belongs to a version after the dispute's.
      await prisma.dispute.updateMany({ where: { id }, data: { version: 300 } });
    });
    const [, history] = unzip(await archiveOf(id));
    expect(JSON.parse(String(history?.content))).toHaveLength(300);
  });

  it.each(["is gone", "has other bytes"])(
    "breaks the connection when a stored file %s",
    async (fault) => {
      const id = await fill();
      const { storage } = suite.stage;
      const { objectKey: key } = (await suite.tenant.files()).at(-1)!;
      const body = Buffer.from("other");
      if (fault === "is gone") await storage.delete(key!);
      else
        await storage.put({
          key: key!,
          body: Readable.from([body]),
          contentLength: body.length,
          contentType: "application/pdf",
        });
      const response = await fetchArchive(id);
      expect(response.status).toBe(200);
      await expect(response.arrayBuffer()).rejects.toThrow();
    },
  );

  it("returns 404 for another tenant's dispute as for an unknown one, and requires dispute:read", async () => {
    const theirs = await (await createTenant(suite.stage)).aDispute();
    for (const id of [theirs, randomUUID()]) expect((await fetchArchive(id)).status).toBe(404);
    const tenant_id = suite.tenant.tenantId;
    const without = suite.stage.caller({ tenant_id, permissions: ["exception:read"] });
    await without.get(`/v1/disputes/${await suite.tenant.aDispute()}/archive`).expect(403);
  });
});
