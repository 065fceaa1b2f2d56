import {
  commitObject,
  takeUncommittedObjects,
  forgetObject,
  orphanAbandonedUpload,
  orphanObject,
  recordSweep,
  registerObject,
  type OwnedObject,
} from "../../src/rows/index.ts";
import { UPLOAD_ABANDONED_AFTER_MS } from "../../src/rows/stored-objects.ts";
import { createRowsStage, type RowsTenant } from "./stage.ts";

const stage = createRowsStage();
let tenant: RowsTenant;
let object: OwnedObject;
beforeEach(async () => {
  tenant = await stage.addTenant();
  object = { key: `${tenant.tenantId}/disputes/d/e.csv`, owner: { kind: "evidence", id: "e" } };
  await tenant.run(() => registerObject(prisma(), object));
});

const prisma = () => stage.database.prisma;
const row = () => tenant.run(() => prisma().storedObject.findFirst({ where: { key: object.key } }));

/** As if the object had been registered `ms` milliseconds earlier. */
const age = (ms: number) =>
  stage.owner.query(
    "UPDATE stored_objects SET created_at = created_at - make_interval(secs => $2) WHERE key = $1",
    [object.key, ms / 1_000],
  );

describe("a stored object", () => {
  it("cannot be committed after it was given up", async () => {
    const orphan = await tenant.run(() => orphanObject(prisma(), object));
    expect(orphan?.owner).toEqual({ kind: "orphan", id: "e" });
    await expect(tenant.run(() => commitObject(prisma(), object))).rejects.toThrow(/given up/);
    await tenant.run(() => forgetObject(prisma(), orphan!));
    expect(await row()).toBeNull();
  });

  it("cannot be given up or swept after its commit", async () => {
    await tenant.run(() => commitObject(prisma(), object));
    await age(UPLOAD_ABANDONED_AFTER_MS + 1_000);
    await tenant.run(async () => {
      expect(await orphanObject(prisma(), object)).toBeUndefined();
      expect(await orphanAbandonedUpload(prisma(), object)).toBe(false);
      expect(await recordSweep(prisma(), object.key)).toBe(false);
    });
    expect(await row()).toMatchObject({ owner: "evidence:e", lostAt: null });
  });

  it("is abandoned only when its upload must have ended", async () => {
    await age(UPLOAD_ABANDONED_AFTER_MS - 10_000);
    const abandon = () => tenant.run(() => orphanAbandonedUpload(prisma(), object));
    expect(await abandon()).toBe(false);
    await age(11_000);
    expect(await abandon()).toBe(true);
    expect(await abandon()).toBe(false);
  });

  it("is found by the sweeper if it is uncommitted, with its tenant and its owner", async () => {
    const find = async () =>
      (await takeUncommittedObjects(stage.database.pool, 100)).filter(
        ({ key }) => key === object.key,
      );
    expect(await find()).toEqual([]);
    await age(6_000);
    expect(await find()).toEqual([{ ...object, tenantId: tenant.tenantId }]);
    expect(await tenant.run(() => recordSweep(prisma(), object.key))).toBe(true);
    expect(await find()).toEqual([]);
  });
});
