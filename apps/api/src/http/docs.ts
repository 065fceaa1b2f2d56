import { createRequire } from "node:module";
import { dirname } from "node:path";
import express, { Router, type RequestHandler } from "express";
import helmet from "helmet";

/** The files of swagger-ui-dist that the page needs. Its own index.html shows another API. */
const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-16x16.png", "favicon-32x32.png"];

const require = createRequire(import.meta.url);
const directory = dirname(require.resolve("swagger-ui-dist/package.json"));

/** The links are relative, so that they work behind a proxy that adds a path prefix. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Docket API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png" sizes="32x32">
    <link rel="icon" type="image/png" href="docs/favicon-16x16.png" sizes="16x16">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** A separate file, since the policy forbids inline scripts. The validator would send the document to another host. */
const START = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
});
`;

/**
 * Allows this host only. Swagger UI needs inline styles and `data:` images. Unlike helmet's default policy, this one does not
 * upgrade requests to HTTPS, which would leave the page empty on a server without it.
 */
const policy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** Serves the API's documentation with Swagger UI. To be mounted at `/docs`. */
export function createDocs(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(policy);
  router.get("/", (request, response, next) => {
    // From `/docs/`, the relative links would be one level too deep.
    if (request.originalUrl.startsWith(`${request.baseUrl}/`)) response.redirect(308, "../docs");
    else send("html", PAGE)(request, response, next);
  });
  router.get("/start.js", send("js", START));
  const assets = ASSETS.map((name) => `/${name}`);
  router.get(assets, express.static(directory, { index: false, maxAge: "1h" }));
  return router;
}

const send =
  (type: string, text: string): RequestHandler =>
  (_request, response) => {
    response.set("Cache-Control", "no-cache").type(type).send(text);
  };
