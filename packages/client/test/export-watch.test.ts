import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { waitFor } from "@docket/testing";

import { createDocket, type ExportJob } from "../src/index.ts";

/** A server that asks for a poll in an hour, so that only its stream can report a change in time. */
let server: Server;
let baseUrl: string;
let jobs: Record<string, string>;
let streams: ServerResponse[];
let streamRequests: number;

beforeEach(async () => {
  [jobs, streams, streamRequests] = [{}, [], 0];
  server = createServer((request, response) => {
    if (request.url!.startsWith("/v1/events/stream")) {
      streamRequests += 1;
      response.writeHead(200, { "content-type": "text/event-stream" }).write("retry: 1\n\n");
      streams.push(response);
      return;
    }
    const id = request.url!.split("/").at(-1)!;
    const headers = { "content-type": "application/json", "retry-after": "3600" };
    response.writeHead(200, headers).end(JSON.stringify({ id, status: jobs[id] ?? "RUNNING" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const emit = (type: string, data: object): void => {
  const text = `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  for (const stream of streams) {
    for (const character of text) stream.write(character);
  }
};

const finish = (id: string): void => {
  jobs[id] = "SUCCEEDED";
  emit("export-job.succeeded", { seq: 1, subject: `/v1/export-jobs/${id}` });
};

test("waits with one stream for any number of jobs, and closes it", async () => {
  const { exportJobs } = createDocket({ baseUrl, token: "t" });
  const seen: ExportJob[] = [];
  const waiting = [
    exportJobs.waitFor("a", { onProgress: (job) => seen.push(job) }),
    exportJobs.waitFor("b"),
  ];
  await waitFor(() => streams.length === 1);
  emit("export-job.progress", { id: "a", recordsWritten: 7, bytesWritten: 70 });
  await waitFor(() => seen.some(({ recordsWritten }) => recordsWritten === 7));
  finish("a");
  finish("b");
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([
    "SUCCEEDED",
    "SUCCEEDED",
  ]);
  await waitFor(() => streams[0]!.closed);
  expect(streamRequests).toBe(1);
});

test("notices a job that ends before its stream is open", async () => {
  const fetch: typeof globalThis.fetch = async (url, init) => {
    // Between the first look at the job and the stream.
    if ((url as string).includes("/stream")) jobs["a"] = "FAILED";
    return globalThis.fetch(url, init);
  };
  const { exportJobs } = createDocket({ baseUrl, token: "t", fetch });
  expect(await exportJobs.waitFor("a")).toMatchObject({ status: "FAILED" });
});

test("notices a job that ends before it is watched on an open stream", async () => {
  let isHeld = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    if (!(url as string).endsWith("/b") || isHeld) return response;
    // Has read RUNNING. The event is sent to others before this answer arrives.
    isHeld = true;
    await released;
    return response;
  };
  const { exportJobs } = createDocket({ baseUrl, token: "t", fetch });
  const seen: ExportJob[] = [];
  const other = exportJobs.waitFor("a", { onProgress: (job) => seen.push(job) });
  await waitFor(() => streams.length === 1);
  const late = exportJobs.waitFor("b");
  await waitFor(() => isHeld);
  finish("b");
  emit("export-job.progress", { id: "a", recordsWritten: 1, bytesWritten: 1 });
  await waitFor(() => seen.some(({ recordsWritten }) => recordsWritten === 1));
  release();
  expect(await late).toMatchObject({ status: "SUCCEEDED" });
  finish("a");
  await other;
});

test("opens the stream again when it has broken off", async () => {
  const { exportJobs } = createDocket({ baseUrl, token: "t" });
  const waiting = exportJobs.waitFor("a");
  await waitFor(() => streams.length === 1);
  streams.pop()!.destroy();
  await waitFor(() => streams.length === 1);
  finish("a");
  expect(await waiting).toMatchObject({ status: "SUCCEEDED" });
});

test("ends with the signal, and leaves nothing open", async () => {
  const { exportJobs } = createDocket({ baseUrl, token: "t" });
  const controller = new AbortController();
  const waiting = exportJobs.waitFor("a", { signal: controller.signal });
  await waitFor(() => streams.length === 1);
  controller.abort(new Error("no longer needed"));
  await expect(waiting).rejects.toThrow("no longer needed");
  await waitFor(() => streams[0]!.closed);
});
