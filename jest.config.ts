/** @jest-config-loader esbuild-register */
import { availableParallelism } from "node:os";
import type { Config } from "jest";

// These packages are ES modules. Jest runs everything as CommonJS, so that mocks and module state work as documented without a
// Node flag; swc therefore converts them, like our own sources.
const ES_MODULES = ["jose/", "hucre/", "@noble/hashes/", "@prisma/client/runtime/.*\\.mjs$"];

// Main programs log this once themselves: see checkNodeVersion.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const config: Config = {
  testEnvironment: "node",
  // Runs the packages from source, without a build: see "exports" in their package.json.
  testEnvironmentOptions: { customExportConditions: ["@docket/source", "node", "node-addons"] },
  testMatch: ["<rootDir>/{apps,packages}/*/test/**/*.{test,itest}.ts"],
  modulePathIgnorePatterns: ["<rootDir>/(apps|packages)/[^/]+/dist/"],
  transform: {
    "\\.(?:[cm]?[jt]s)$": [
      "@swc/jest",
      {
        jsc: { target: "es2023", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!${ES_MODULES.join("|")})`],
  globalSetup: "<rootDir>/packages/testing/jest/global-setup.ts",
  globalTeardown: "<rootDir>/packages/testing/jest/global-teardown.ts",
  // Many tests wait most of the time: for a lease to expire, for a killed process. All workers share one Postgres and its connections.
  maxWorkers: Math.min(4, availableParallelism() + 1),
  // Only a limit for what hangs: on a busy machine, a test takes several times as long.
  testTimeout: 180_000,
};

export default config;
