import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createApp, type ApiContext } from "../../src/index.ts";
import { openApiDocument } from "../../src/openapi/document.ts";
import { routes } from "../../src/routes.ts";
import { createAnswerCheck } from "./answer-check.ts";

const check = createAnswerCheck(openApiDocument(routes));
const faults: string[] = [];

// In every suite that imports this file, and so in every one that has an app.
afterEach(() => {
  expect(faults.splice(0)).toEqual([]);
});

/** The application as every test starts it: an answer that the OpenAPI document does not foresee fails the test. */
export function createCheckedApp(context: ApiContext): RequestListener {
  const app = createApp(context);
  return (request, response) => {
    watch(request, response);
    app(request, response);
  };
}

/** Looks at an answer as it goes out, before the caller has it: when the test looks at it, its faults are known. */
function watch(request: IncomingMessage, response: ServerResponse): void {
  const { method = "", url = "" } = request;
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const { write, end } = response;
  response.write = (...sent: unknown[]): boolean => {
    keep(sent[0]);
    return Reflect.apply(write, response, sent);
  };
  response.end = (...sent: unknown[]): typeof response => {
    keep(sent[0]);
    const { statusCode: status } = response;
    const headers = response.getHeaders();
    const answer = { method, url, status, headers, body: Buffer.concat(chunks).toString() };
    faults.push(...check(answer).map((fault) => `${method} ${url} ${status}: ${fault}`));
    return Reflect.apply(end, response, sent);
  };
}
