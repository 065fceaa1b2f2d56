import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createApp, type ApiContext } from "../../src/index.ts";
import { document } from "../../src/routes.ts";
import { createResponseCheck } from "./response-check.ts";

const check = createResponseCheck(document);
const faults: string[] = [];

// Runs in every suite that imports this file, that is, in every suite with an app.
afterEach(() => {
  expect(faults.splice(0)).toEqual([]);
});

/** The application in every test: a response that the OpenAPI document does not describe fails the test. */
export function createCheckedApp(context: ApiContext): RequestListener {
  const app = createApp(context);
  return (request, response) => {
    checkResponse(request, response);
    app(request, response);
  };
}

/** Checks a response before it is sent, so that its faults are known when the test sees it. */
function checkResponse(request: IncomingMessage, response: ServerResponse): void {
  const { method = "", url = "" } = request;
  const chunks: Buffer[] = [];
  const collect = (chunk: unknown): void => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const { write, end } = response;
  response.write = (...sent: unknown[]): boolean => {
    collect(sent[0]);
    return Reflect.apply(write, response, sent);
  };
  response.end = (...sent: unknown[]): typeof response => {
    collect(sent[0]);
    const { statusCode: status } = response;
    const headers = response.getHeaders();
    const sentResponse = { method, url, status, headers, body: Buffer.concat(chunks).toString() };
    faults.push(...check(sentResponse).map((fault) => `${method} ${url} ${status}: ${fault}`));
    return Reflect.apply(end, response, sent);
  };
}
