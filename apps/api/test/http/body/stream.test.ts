import { once } from "node:events";
import { createServer, request as send, type ClientRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { openHashedBody } from "../../../src/http/body/fingerprint.ts";
import { openBody } from "../../../src/http/body/stream.ts";

let handle: (request: IncomingMessage) => Promise<unknown>;
const server = createServer((request, response) => {
  const respond = (result: unknown): void => {
    response.end(JSON.stringify(result));
    request.resume();
  };
  handle(request).then(respond, (error: Error) => respond(error.message));
});

beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function open(path = "/"): ClientRequest {
  const { port } = server.address() as AddressInfo;
  const sending = send({ port, host: "127.0.0.1", path, method: "POST" });
  return sending.on("error", () => undefined);
}

async function resultOf(sending: ClientRequest): Promise<unknown> {
  const [response] = (await once(sending, "response")) as [IncomingMessage];
  const result: unknown = JSON.parse(await text(response));
  // Node's client does not handle a connection that is reset between its response and the end of its request.
  if (!sending.writableFinished) await once(sending, "finish");
  return result;
}

const post = (body: Buffer | string, path?: string): Promise<unknown> =>
  resultOf(open(path).end(body));

describe("a request body", () => {
  it("holds the client back while nothing reads it", async () => {
    let received = 0;
    handle = async (request) => {
      const body = openBody(request, (chunk) => void (received += chunk.length));
      body.once("readable", () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const before = received;
      await text(body);
      return before;
    };
    expect(await post(Buffer.alloc(10_000_000))).toBeLessThan(500_000);
    expect(received).toBe(10_000_000);
  });

  it("fails when the client disconnects, even while nothing reads it", async () => {
    const failure = new Promise((resolve) => {
      handle = async (request) => {
        const body = openBody(request);
        await finished(body).catch(resolve);
      };
    });
    const sending = open();
    sending.write("begin");
    await once(server, "request");
    sending.destroy();
    expect(await failure).toMatchObject({ code: "bad_request" });
  });

  it("leaves the connection usable when it is destroyed", async () => {
    handle = async (request) => {
      const body = openBody(request);
      for await (const chunk of body) {
        body.destroy();
        return (chunk as Buffer).length > 0;
      }
      return false;
    };
    expect(await post(Buffer.alloc(100_000))).toBe(true);
  });
});

describe("the fingerprint of a request", () => {
  const read = async (request: IncomingMessage): Promise<unknown> => {
    const { body, fingerprint } = openHashedBody(request);
    await text(body);
    return fingerprint.digest();
  };
  const skim = async (request: IncomingMessage): Promise<unknown> => {
    const { body, fingerprint } = openHashedBody(request);
    for await (const _chunk of body) break;
    return fingerprint.digest();
  };
  const replay = (request: IncomingMessage): Promise<unknown> =>
    openHashedBody(request).fingerprint.digestUnread();

  const digestBy = (how: typeof handle, body: Buffer | string, path?: string) => {
    handle = how;
    return post(body, path);
  };

  it("is the same whether the body is read, read in part or only hashed", async () => {
    const body = Buffer.alloc(900_000, "x");
    const digest = await digestBy(read, body);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestBy(skim, body)).toBe(digest);
    expect(await digestBy(replay, body)).toBe(digest);
  });

  it("differs with the body and with the query", async () => {
    const digests = [
      await digestBy(replay, "a"),
      await digestBy(replay, "b"),
      await digestBy(replay, "a", "/?q=1"),
      await digestBy(replay, ""),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("is refused when more than 1 MiB of the body is left unread", async () => {
    expect(await digestBy(skim, Buffer.alloc(5_000_000))).toMatch(/continues after its end/);
  });
});
