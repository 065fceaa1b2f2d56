import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The API behind `npm run dev -w @docket/console`. */
const API = process.env["DOCKET_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react()],
  build: {
    // The Content-Security-Policy allows neither inline scripts nor data: URLs for code and styles.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: "es2023",
  },
  server: { proxy: { "/v1": API, "/console.json": API } },
});
