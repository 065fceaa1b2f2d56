import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UsageError } from "@docket/terminal";

import { parseLoadCommand } from "../../src/load/command.ts";

const remote = ["--url", "https://docket.example/base/"];
const environment = { DOCKET_TOKEN: "a.b.c", DOCKET_HOME: "/nonexistent/docket" };
let directory: string;
let csv: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "docket-load-"));
  csv = join(directory, "bank.csv");
  for (const name of ["bank.csv", "bank.ndjson.gz", "BANK.JSONL", "bank.xlsx"]) {
    writeFileSync(join(directory, name), "12345");
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

const required = (...args: string[]): string[] => [
  "--context",
  "Bank",
  "--kind",
  "transactions",
  ...args,
];

describe("npm run load", () => {
  it("loads into another API with the token from the environment", () => {
    expect(parseLoadCommand(required(...remote, csv), environment)).toEqual({
      address: "https://docket.example/base",
      token: "a.b.c",
      context: "Bank",
      kind: "transactions",
      file: { path: csv, bytes: 5, contentType: "text/csv", gzip: false },
    });
  });

  it.each([
    ["bank.csv", { contentType: "text/csv", gzip: false }],
    ["bank.ndjson.gz", { contentType: "application/x-ndjson", gzip: true }],
    ["BANK.JSONL", { contentType: "application/x-ndjson", gzip: false }],
  ])("derives the format of %s from its name", (name, format) => {
    const args = required(...remote, join(directory, name));
    expect(parseLoadCommand(args, environment).file).toMatchObject(format);
  });

  it("resolves the file from the directory in which npm was called", () => {
    const called = { ...environment, INIT_CWD: directory };
    expect(parseLoadCommand(required(...remote, "bank.csv"), called).file.path).toBe(csv);
  });

  it.each([
    ["a missing context", ["--kind", "transactions", "x.csv"], "--context must name a context"],
    ["a missing kind", ["--context", "Bank", "x.csv"], "--kind must be one of transactions, match"],
    ["an unknown kind", ["--context", "Bank", "--kind", "rows", "x.csv"], "--kind must be one of"],
    ["a missing file name", required(), "Give one FILE"],
    ["two files", required("a.csv", "b.csv"), "Give one FILE"],
    ["an unknown option", required("--create", "x.csv"), "Unknown option '--create'"],
    ["a file that does not exist", required(...remote, "/nonexistent/x.csv"), "There is no file"],
    ["a file of another format", required(...remote, "/nonexistent/x.xlsx"), "must end in .csv"],
    ["a directory", required(...remote, "/tmp/x.csv/.."), "must end in .csv"],
    ["a tenant that is not a UUID", required("--tenant", "acme", "x.csv"), "must be a UUID"],
  ])("refuses %s in one line", (_, args, reason) => {
    const attempt = (): unknown => parseLoadCommand(args, environment);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(reason);
    expect(attempt).toThrow(/^[^\n]+$/);
  });

  const { DOCKET_HOME } = environment;
  const tenant = ["--tenant", "01980000-d0c7-7000-8000-000000000001"];

  it.each([
    ["a URL without a token", remote, { DOCKET_HOME }, "--url needs a token for that API"],
    ["a tenant beside a token", tenant, environment, "--tenant cannot be used with DOCKET_TOKEN"],
    ["a URL without a scheme", ["--url", "docket.example"], environment, "--url must begin with"],
    ["a home without a stack", [], { DOCKET_HOME }, "No stack is running in /nonexistent/docket."],
  ])("refuses %s", (_, args, variables, reason) => {
    const attempt = (): unknown => parseLoadCommand([...required(...args), csv], variables);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(reason);
  });
});
