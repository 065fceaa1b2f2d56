export {
  Counter,
  createRegistry,
  createTransitionCounter,
  Gauge,
  Histogram,
  Registry,
} from "./metrics.ts";
export {
  createReadinessCheck,
  type Dependencies,
  type DependencyState,
  type Readiness,
} from "./readiness.ts";
export { serveOperations, type OperationsOptions } from "./server.ts";
