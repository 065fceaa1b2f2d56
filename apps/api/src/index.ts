export { createApp } from "./app.ts";
export { apiConfig, type ApiConfig } from "./config.ts";
export { createContext, type ApiContext } from "./context.ts";
