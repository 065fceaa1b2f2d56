#!/usr/bin/env node
// Prisma's schema engine without its native binary, which `npm install` would have to download.
// It speaks what the Prisma CLI expects of that binary (JSON-RPC, one message a line, on stdio) and
// hands each call to the official WebAssembly build of the same engine, over the `pg` driver.
// prisma.config.ts points PRISMA_SCHEMA_ENGINE_BINARY here when there is no native engine.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { createAdapterFactory } from "./adapter.mjs";
import { connectionFailure, createDatabase, withConnection } from "./database.mjs";
import { loadSchemaEngine } from "./wasm.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: "string", multiple: true, default: [] },
    datasource: { type: "string", default: "{}" },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
    version: { type: "boolean", default: false },
  },
});
const { url } = JSON.parse(values.datasource);

if (values.version) console.log("schema-engine-cli 0edf323efd1d98336f3f0a68684b56f689b900d3");
else if (positionals[0] === "cli") await runSubcommand(positionals[1]);
else await serve();

/** `cli can-connect-to-database` and `cli create-database`: the exit code is the answer. */
async function runSubcommand(name) {
  try {
    if (name === "can-connect-to-database") await withConnection(url, () => {});
    else if (name === "create-database") await createDatabase(url);
    else throw new Error(`The schema engine shim has no subcommand ${name}.`);
  } catch (error) {
    // The CLI drops the first line, a greeting of the native engine, and parses the rest.
    const { code, message } = connectionFailure(error, url);
    const fields = { is_panic: false, error_code: code, message };
    const entry = { level: "ERROR", target: "schema_engine::logger", fields };
    process.stderr.write(`{}\n${JSON.stringify(entry)}\n`);
    process.exitCode = 1;
  }
}

/** Answers calls until the CLI closes our stdin. */
async function serve() {
  const { SchemaEngine, bind } = await loadSchemaEngine();
  let engine;
  const open = () =>
    SchemaEngine.new(
      { datamodels: values.datamodels.map((path) => [path, readFileSync(path, "utf8")]) },
      () => {},
      bind(createAdapterFactory(url)),
    );

  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    const { id, method, params } = JSON.parse(line);
    // Without a method it is the CLI's answer to one of our `print` calls.
    if (method === undefined) continue;
    try {
      let result;
      if (method === "createDatabase") {
        result = { databaseName: await createDatabase(params.datasource?.url ?? url) };
      } else {
        engine ??= await open();
        result = await engine[method === "getDatabaseVersion" ? "version" : method](params);
      }
      if (typeof result?.stdout === "string") print(result.stdout);
      send({ id, result: result ?? null });
    } catch (error) {
      send({ id, error: rpcError(error) });
    }
  }
  // The pool would hold the process; nothing of ours is pending once stdin has ended.
  process.exit(0);
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function print(content) {
  send({ id: `print-${process.hrtime.bigint()}`, method: "print", params: { content } });
}

function rpcError(error) {
  const panic = error instanceof WebAssembly.RuntimeError;
  const message = error?.message ?? String(error);
  return {
    code: 4466,
    message: "An error happened. Check the data field for details.",
    data: { is_panic: panic, message, ...(error?.code ? { error_code: error.code } : {}) },
  };
}
