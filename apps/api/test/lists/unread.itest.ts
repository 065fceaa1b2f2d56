import { connect, type Socket } from "node:net";
import { waitFor } from "@docket/testing";
import { createTenant, type Tenant } from "../support/tenant.ts";
import { validToken } from "../support/tokens.ts";
import { useStage } from "../support/use-stage.ts";

const suite = useStage();

const PATH = "/v1/disputes?limit=200";

/** Adds disputes that fill a page of 1 MiB. */
async function fillPage(tenant: Tenant): Promise<void> {
  const id = await tenant.aDispute();
  await tenant.inTenant(
    async () => suite.stage.context.database.prisma.$executeRaw`
      INSERT INTO disputes (tenant_id, exception_id, context_id, category, state, description, opened_by, updated_at)
      SELECT tenant_id, exception_id, context_id, category, state, repeat('x', 5000), opened_by, updated_at
      FROM disputes, generate_series(1, 250) WHERE id = ${id}::uuid`,
  );
}

/** Asks for more pages than the buffers of a connection hold, and reads none. */
function askWithoutReading(tenant: Tenant): Socket {
  const authorization = `Bearer ${validToken({ tenant_id: tenant.tenantId })}`;
  const request = `GET ${PATH} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`;
  const socket = connect(suite.stage.port, "127.0.0.1");
  socket.write(request.repeat(20));
  return socket;
}

const fetchList = (tenant: Tenant, timeoutMs: number): Promise<Response> =>
  fetch(`http://127.0.0.1:${suite.stage.port}${PATH}`, {
    headers: { Authorization: `Bearer ${validToken({ tenant_id: tenant.tenantId })}` },
    signal: AbortSignal.timeout(timeoutMs),
  });

describe("a tenant whose clients do not read their pages", () => {
  it("gets no further pages meanwhile, and holds up no other tenant", async () => {
    await fillPage(suite.tenant);
    const other = await createTenant(suite.stage);
    const sockets = Array.from({ length: 5 }, () => askWithoutReading(suite.tenant));
    await waitFor(() =>
      fetchList(suite.tenant, 1_000).then(
        () => false,
        () => true,
      ),
    );
    expect((await fetchList(other, 60_000)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    expect((await fetchList(suite.tenant, 60_000)).status).toBe(200);
  });
});
