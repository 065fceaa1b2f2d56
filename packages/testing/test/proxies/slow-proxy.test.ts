import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSlowProxy, waitFor, type SlowProxy } from "@docket/testing";

describe("a slow proxy", () => {
  let server: Server;
  let proxy: SlowProxy;

  beforeAll(async () => {
    server = createServer((_request, response) => response.end("x".repeat(1_000)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(async () => {
    proxy = await createSlowProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => proxy.close());
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = async (): Promise<string> => (await fetch(proxy.url)).text();

  it("limits the rate of a direction", async () => {
    proxy.responses.set(5_000);
    const start = performance.now();
    expect(await get()).toHaveLength(1_000);
    expect(performance.now() - start).toBeGreaterThan(190);
  });

  it("holds bytes back at rate 0, and passes them on when the rate changes", async () => {
    proxy.responses.set(0);
    const response = get();
    await waitFor(() => proxy.responses.received() > 1_000);
    proxy.responses.set(Infinity);
    expect(await response).toHaveLength(1_000);
  });
});
