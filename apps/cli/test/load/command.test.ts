import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readLoadCommand } from "../../src/load/command.ts";
import { UsageError } from "@docket/terminal";

const elsewhere = ["--url", "https://docket.example/base/"];
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

const asked = (...args: string[]): string[] => [
  "--context",
  "Bank",
  "--kind",
  "transactions",
  ...args,
];

test("a file goes to another Docket with the token from the environment", () => {
  expect(readLoadCommand(asked(...elsewhere, csv), environment)).toEqual({
    address: "https://docket.example/base",
    token: "a.b.c",
    context: "Bank",
    kind: "transactions",
    file: { path: csv, bytes: 5, contentType: "text/csv", gzip: false },
  });
});

test("what a file holds is told by its name", () => {
  const { file } = readLoadCommand(
    asked(...elsewhere, join(directory, "bank.ndjson.gz")),
    environment,
  );
  expect(file).toMatchObject({ contentType: "application/x-ndjson", gzip: true });
  const upper = readLoadCommand(asked(...elsewhere, join(directory, "BANK.JSONL")), environment);
  expect(upper.file).toMatchObject({ contentType: "application/x-ndjson", gzip: false });
});

test("a file is looked for where npm was called", () => {
  const inside = { ...environment, INIT_CWD: directory };
  expect(readLoadCommand(asked(...elsewhere, "bank.csv"), inside).file.path).toBe(csv);
});

test.each([
  ["no context", ["--kind", "transactions", "x.csv"], "--context must name a context"],
  ["no kind", ["--context", "Bank", "x.csv"], "--kind must be one of transactions, match-groups"],
  ["an unknown kind", ["--context", "Bank", "--kind", "rows", "x.csv"], "--kind must be one of"],
  ["no file", asked(), "Give one FILE"],
  ["two files", asked("a.csv", "b.csv"), "Give one FILE"],
  ["an unknown option", asked("--create", "x.csv"), "Unknown option '--create'"],
  ["a file that is not there", asked(...elsewhere, "/nonexistent/x.csv"), "There is no file"],
  ["a file of another kind", asked(...elsewhere, "/nonexistent/x.xlsx"), "must end in .csv"],
  ["a directory", asked(...elsewhere, "/tmp/x.csv/.."), "must end in .csv"],
  ["a tenant that is no UUID", asked("--tenant", "acme", "x.csv"), "--tenant must be a UUID"],
])("%s is refused in one line", (_, args, reason) => {
  const attempt = (): unknown => readLoadCommand(args, environment);
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(reason);
  expect(attempt).toThrow(/^[^\n]+$/);
});

test("where to and as whom must be clear", () => {
  const refused = (args: string[], given: Record<string, string>, reason: string): void =>
    expect(() => readLoadCommand([...asked(...args), csv], given)).toThrow(reason);
  const tenant = ["--tenant", "01980000-d0c7-7000-8000-000000000001"];
  const { DOCKET_HOME } = environment;
  refused(elsewhere, { DOCKET_HOME }, "--url needs a token for that address in DOCKET_TOKEN");
  refused(tenant, environment, "--tenant has no meaning beside DOCKET_TOKEN");
  refused(["--url", "docket.example"], environment, "--url must be an address");
  refused([], { DOCKET_HOME }, "No stack runs in /nonexistent/docket: run npm start");
});
