import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { ApiError, fetchOrExplain } from "../src/index.ts";
import { createTransport } from "../src/transport.ts";

let server: Server | undefined;

async function listen(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => server?.close());

describe("a call", () => {
  it("sends the token and returns the parsed body and the time to the next poll", async () => {
    const address = await listen((request, response) => {
      response.setHeader("retry-after", "3");
      response.end(JSON.stringify({ authorization: request.headers.authorization }));
    });
    const answer = await createTransport({ address, token: "abc" }).call("GET", "/");
    expect(answer).toEqual({ value: { authorization: "Bearer abc" }, retryAfterMs: 3_000 });
  });

  it("throws the problem's detail, first fault and code for a status other than 2xx", async () => {
    const address = await listen((_, response) => {
      const errors = [{ field: "name", detail: "is required" }];
      response.statusCode = 400;
      response.end(JSON.stringify({ detail: "Bad request", code: "validation_failed", errors }));
    });
    const failure = createTransport({ address, token: "" }).post("/v1/contexts", {});
    await expect(failure).rejects.toThrow(ApiError);
    await expect(failure).rejects.toMatchObject({
      status: 400,
      code: "validation_failed",
      message:
        'POST /v1/contexts answered 400: Bad request {"field":"name","detail":"is required"}',
    });
  });

  it("reports the status of an answer that is not JSON", async () => {
    const address = await listen((_, response) => {
      response.statusCode = 502;
      response.end("<html>");
    });
    const failure = createTransport({ address, token: "" }).get("/");
    await expect(failure).rejects.toMatchObject({ status: 502, code: undefined });
  });
});

describe("fetchOrExplain", () => {
  it("names the server and the reason when nothing answers", async () => {
    const address = await listen(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    await expect(fetchOrExplain(address, {})).rejects.toThrow(
      `${address} does not answer (ECONNREFUSED)`,
    );
  });

  it("throws the reason of its signal when it is aborted", async () => {
    const address = await listen(() => undefined);
    const signal = AbortSignal.abort(new Error("interrupted"));
    await expect(fetchOrExplain(address, { signal })).rejects.toThrow("interrupted");
  });
});
