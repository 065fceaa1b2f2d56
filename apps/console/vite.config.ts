import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The API behind `npm run dev -w @docket/console`. */
const API = process.env["DOCKET_URL"] ?? "http://127.0.0.1:3000";

/** Few files: each of them costs the first screen a request. */
const GROUPS = [
  { name: "libraries", tags: ["$initial" as const], test: /node_modules/, priority: 3 },
  { name: "start", tags: ["$initial" as const], priority: 2 },
  { name: "dialogs", test: /node_modules/, minShareCount: 2, priority: 1 },
  { name: "lists", minShareCount: 2 },
];

export default defineConfig({
  plugins: [react()],
  build: {
    // The Content-Security-Policy allows neither inline scripts nor data: URLs for code and styles.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: "es2023",
    rolldownOptions: { output: { codeSplitting: { groups: GROUPS } } },
  },
  server: { proxy: { "/v1": API, "/console.json": API } },
});
