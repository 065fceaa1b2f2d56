import { createDatabaseStage } from "@docket/testing";
import { TABLES } from "../src/erase/erase-tenant.ts";

/** What the erasure of a tenant keeps without its data, and the objects that the orphan sweeper deletes. */
const KEPT = ["audit_events", "event_heads", "events", "stored_objects"];

it("erases or keeps every table with a tenant", async () => {
  const stage = await createDatabaseStage();
  try {
    const { rows } = await stage.owner.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
    );
    expect([...TABLES, ...KEPT].toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  } finally {
    await stage.close();
  }
});
