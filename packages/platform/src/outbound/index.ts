export { createOutboundPolicy, RefusedError, type OutboundPolicy } from "./policy.ts";
export {
  postOutbound,
  RequestTimeoutError,
  type OutboundResponse,
  type OutboundTools,
} from "./post.ts";
export { createResolve } from "./resolve.ts";
