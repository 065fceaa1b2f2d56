import { createRequire } from "node:module";
import { dirname } from "node:path";
import express, { Router, type RequestHandler } from "express";
import helmet from "helmet";

/** Of the package's files only these: its own index.html shows somebody else's API. */
const ASSETS = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-16x16.png", "favicon-32x32.png"];

const directory = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

/** Relative to /docs, so that they are found behind a proxy that adds a prefix too. */
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

/** A file of its own, because no script inside of the page may run. No validator: that would tell another host of the document. */
const START = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
});
`;

/**
 * Scripts, styles, images and requests of this host, and nothing else; Swagger UI sets styles on elements and holds images
 * in its style sheet. Unlike helmet's own policy it does not send plain HTTP to HTTPS, by which the page would stay empty
 * where there is none.
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

/** The API's documentation for people: a page, its script, and what they need of Swagger UI. To be mounted at `/docs`. */
export function createDocs(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(policy);
  router.get("/", (request, response, next) => {
    // `/docs/` would look for everything one step too deep.
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
