import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: "../service/static",
    emptyOutDir: true,
    target: "es2022",
    // Chromium's content security policy of the service allows no inline assets.
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
