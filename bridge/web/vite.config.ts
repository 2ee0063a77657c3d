import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The server puts a fresh nonce in its place with each page (pages.py).
  html: { cspNonce: "PAGE_NONCE" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000, // the API's description, which only who reads it fetches
    rollupOptions: { input: ["index.html", "docs.html"] },
  },
});
