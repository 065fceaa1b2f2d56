import helmet from "helmet";

/**
 * The content security policy of the console. Scripts and styles come from this host only, and none are inline. `origins` are the
 * other hosts that it may call. Evidence is fetched and shown from memory, as a blob. Unlike helmet's default policy, this one
 * does not upgrade requests to HTTPS, which would leave the page empty on a server without it.
 */
export const createPolicy = (
  origins: readonly string[],
): ReturnType<typeof helmet.contentSecurityPolicy> =>
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "blob:"],
      connectSrc: ["'self'", ...origins],
      frameSrc: ["blob:"],
      workerSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
