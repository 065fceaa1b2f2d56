import { waitFor } from "@docket/testing";
import { aFile, balance, balanced, MIB, rawUpload, upload } from "../../support/evidence.ts";
import { useKey } from "../../support/keyed.ts";
import { useStage } from "../../support/use-stage.ts";

const suite = useStage();
const { key } = useKey(suite);

describe("an upload with an idempotency key", () => {
  const send = (id: string, file: Buffer, chunked = false, query = "comment=c") =>
    upload(suite.tenant, id, file, { headers: { "Idempotency-Key": key() }, chunked, query });

  it.each([false, true])("is stored once, chunked: %s", async (chunked) => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", MIB);
    const first = await send(id, file, chunked).expect(201);
    const again = await send(id, file, !chunked).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({
      "idempotency-replayed": "true",
      etag: first.headers["etag"],
    });
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });

  it("gets its first response again even after the dispute was closed", async () => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", 1_000);
    const first = await send(id, file).expect(201);
    await suite.tenant
      .send("post", `/v1/disputes/${id}/close`, { won: true, resolution: "r" })
      .expect(200);
    expect((await send(id, file).expect(201)).body).toEqual(first.body);
  });

  it("is a different request with another comment or another byte", async () => {
    const id = await suite.tenant.aDispute();
    const file = aFile("text/csv", 1_000);
    await send(id, file).expect(201);
    await send(id, file, false, "comment=d").expect(422);
    file[999] = 0x62;
    await send(id, file).expect(422);
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });

  it("leaves the key free and stores nothing when it is incomplete or refused", async () => {
    const id = await suite.tenant.aDispute();
    const { sent } = rawUpload(suite.tenant, id, {
      "Idempotency-Key": key(),
      "Content-Length": "5000",
    });
    sent.write(aFile("text/csv", 3_000));
    await waitFor(async () => (await suite.tenant.keys()).length === 1);
    sent.destroy();
    await waitFor(async () => (await suite.tenant.keys()).length === 0);
    await upload(suite.tenant, id, Buffer.from("no pdf"), {
      type: "application/pdf",
      query: "comment=c",
      headers: { "Idempotency-Key": key() },
    }).expect(415);
    expect(await suite.tenant.keys()).toEqual([]);
    await send(id, aFile("text/csv", 100)).expect(201);
    expect(await balance(suite.tenant)).toEqual(balanced(1));
  });
});
