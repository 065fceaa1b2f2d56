/** @jest-config-loader esbuild-register */
import { availableParallelism } from "node:os";
import type { Config } from "jest";

// Packages that are ES modules only (or are asked for as such). Jest runs everything as CommonJS (no flag to Node, and mocks and
// module state work as documented), so these go through swc as our own sources do.
const ES_MODULES = ["jose/", "@prisma/client/runtime/.*\\.mjs$"];

const config: Config = {
  testEnvironment: "node",
  // From source, without a build: see "exports" in the packages.
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
  // Each worker of an .itest.ts opens pools on one Postgres.
  maxWorkers: Math.min(4, Math.max(1, availableParallelism())),
  testTimeout: 60_000,
};

export default config;
