import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // Relative addresses: the window loads the files through Tauri's own protocol.
  base: "./",
  // The icon of the application is beside this folder.
  server: { port: 5173, strictPort: true, fs: { allow: [".."] } },
  build: {
    // The oldest engines that Tauri 2 meets: WebKitGTK 2.40 and WebView2 111.
    target: ["safari16.4", "chrome111"],
    // Local files: compressing reports and splitting buys nothing, one large chunk is fine.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    testTimeout: 60_000,
    // By itself it leaves a core to the watcher, which on two cores is half of the machine.
    maxWorkers: "100%",
    restoreMocks: true,
  },
});
