import { waitFor } from "@docket/testing";
import { countIngests, line, openBody } from "../support/records.ts";
import { createTenant, type Tenant } from "../support/tenant.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage({ poolSize: 8 });

/** Starts ingests without a Content-Length that end when the test says so. */
async function startIngests(tenant: Tenant, count: number) {
  const before = await countIngests(suite.stage);
  const bodies = Array.from({ length: count }, (_, n) => openBody(line(`T${n}`)));
  const answers = bodies.map(({ chunks }) => tenant.push(chunks));
  await waitFor(async () => (await countIngests(suite.stage)) === before + count);
  const end = async (): Promise<number[]> => {
    for (const body of bodies) body.end();
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  return { end };
}

/** Pushes one line with its Content-Length. */
const pushSmall = (tenant: Tenant) => {
  const headers = { "Content-Length": String(line("S").length) };
  return tenant.push([line("S")], { headers });
};

describe("more ingests than may run at once", () => {
  it("wait for a place, at most half of which are one tenant's", async () => {
    const two = await startIngests(suite.tenant, 2);
    const third = pushSmall(suite.tenant);
    const other = await createTenant(suite.stage);
    expect(await pushSmall(other)).toMatchObject({ status: 200 });
    expect(await countIngests(suite.stage)).toBe(2);
    expect(await two.end()).toEqual([200, 200]);
    expect(await third).toMatchObject({ status: 200, body: { inserted: 1 } });
  });

  it("leave one place to bodies of less than 1 MiB", async () => {
    const [second, third] = [await createTenant(suite.stage), await createTenant(suite.stage)];
    const large = [await startIngests(suite.tenant, 2), await startIngests(second, 1)];
    const waiting = openBody(line("A"));
    const waited = third.push(waiting.chunks);
    expect(await pushSmall(third)).toMatchObject({ status: 200 });
    expect(await countIngests(suite.stage)).toBe(3);
    await Promise.all(large.map(({ end }) => end()));
    waiting.end();
    expect(await waited).toMatchObject({ status: 200 });
  });

  it("are refused after 10 s without a place", async () => {
    const two = await startIngests(suite.tenant, 2);
    expect(await pushSmall(suite.tenant)).toMatchObject({
      status: 503,
      headers: { "retry-after": "5" },
      body: { code: "too_many_ingests" },
    });
    expect(await two.end()).toEqual([200, 200]);
  });
});
