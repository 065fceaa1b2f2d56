// The import rules of CONTRIBUTING.md as a lint rule. Package-level rules are also held by package.json and
// `knip --strict`: a package may import only what its own package.json lists.
import { dirname, relative, resolve } from "node:path";

/**
 * `modules` may be imported only by files that match `by`, or by no file of theirs when they match `notBy`. Paths are relative
 * to the repository. `typesAllowed` exempts type-only imports.
 */
const RULES = [
  {
    modules: /^@docket\/(abuse|api|bench|chaos|cli|console|local|worker)$/,
    by: /^$/,
    message: "Apps never import each other.",
  },
  {
    modules: /^@docket\/testing$/,
    by: /\/test\/|^apps\/(abuse|bench|chaos)\//,
    message: "Production code imports no test helpers.",
  },
  {
    modules: /^[^.]/,
    except: /^joi$/,
    notBy: /^packages\/domain\/src\//,
    message: "The domain imports Joi and nothing else.",
  },
  {
    modules: /^@docket\//,
    except: /^@docket\/domain$/,
    notBy: /^packages\/(platform|reports)\/src\//,
    message: "This package imports no other package of ours than the domain.",
  },
  {
    modules: /^@docket\//,
    notBy: /^packages\/(client|embedded-postgres|migrations|object-store|terminal)\/src\//,
    message: "This package imports no other package of ours.",
  },
  {
    modules: /^(@prisma\/|pg$|pg-)/,
    by: /^packages\/(platform\/src\/(database|rows|ingest)|migrations\/src|testing)\/|^prisma\/|\/test\/|^apps\/bench\/src\/.*\/reference/,
    message: "Database drivers stay in packages/platform/src/{database,rows,ingest}.",
  },
  {
    modules: /^@aws-sdk\//,
    by: /^packages\/platform\/src\/storage\/|\/test\/|^apps\/bench\/src\/reference-store/,
    message: "The AWS SDK stays in packages/platform/src/storage.",
  },
  {
    modules: /^bullmq(\/|$)/,
    by: /^packages\/platform\/src\/queue\/|\/test\/|^apps\/bench\/src\/.*\/reference/,
    message: "BullMQ stays in packages/platform/src/queue.",
  },
  {
    modules: /^ioredis(\/|$)/,
    by: /^packages\/(platform\/src\/(queue|redis)|testing)\/|\/test\//,
    message: "ioredis stays in packages/platform/src/{queue,redis}.",
  },
  {
    modules: /^express$/,
    by: /^apps\/api\/src\/(app\.ts|http\/)|\/test\/|^apps\/bench\/src\/.*\/reference/,
    message:
      "Express stays in apps/api/src/{app.ts,http}: services never see a Request or Response.",
  },
  {
    modules: /^(node:)?process$/,
    by: /^$/,
    message: "Use the global `process`: other rules restrict its properties to main.ts.",
  },
  {
    modules: /^@docket\//,
    except: /^@docket\/client$/,
    notBy: /^apps\/console\/src\//,
    message: "The console runs in browsers and imports no other package of ours than the client.",
  },
  {
    modules: /\/service\.ts$/,
    notBy: /\/view\.ts$/,
    typesAllowed: true,
    message: "Views never call services.",
  },
  {
    modules: /routes\.ts$/,
    notBy: /\/(service|view)\.ts$/,
    message: "Routes call services, never the other way round.",
  },
  {
    modules: /^(\.\.\/)+(app|context|main|worker)\.ts$/,
    notBy: /^apps\/(api|worker)\/src\//,
    typesAllowed: true,
    message: "The composition root imports the folders below it, never the other way round.",
  },
];

const ROOT = resolve(import.meta.dirname, "..");

const workspaceOf = (path) => /^(apps|packages)\/[^/]+/.exec(path)?.[0];

/** The message of the rule that an import breaks; undefined when it breaks none. */
function violation(file, module, isType) {
  const broken = RULES.find(
    ({ modules, except, by, notBy, typesAllowed }) =>
      modules.test(module) &&
      except?.test(module) !== true &&
      (by === undefined ? notBy.test(file) : !by.test(file)) &&
      !(typesAllowed === true && isType),
  );
  if (broken !== undefined) return broken.message;
  // Jest loads its global setup without resolving "@docket/source", hence by path.
  if (!module.startsWith(".") || file.startsWith("packages/testing/jest/")) return undefined;
  const target = relative(ROOT, resolve(ROOT, dirname(file), module));
  if (workspaceOf(target) === workspaceOf(file)) return undefined;
  return "Import another package by its name.";
}

const importRules = {
  create(context) {
    const file = relative(ROOT, context.filename);
    const check = (node, isType) => {
      if (typeof node.source?.value !== "string") return;
      const message = violation(file, node.source.value, isType);
      if (message !== undefined) context.report({ node: node.source, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.importKind === "type"),
      ExportNamedDeclaration: (node) => check(node, node.exportKind === "type"),
      ExportAllDeclaration: (node) => check(node, node.exportKind === "type"),
      ImportExpression: (node) => check(node, false),
    };
  },
};

export default { meta: { name: "docket" }, rules: { "import-rules": importRules } };
