import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    lib: { entry: "src/kalm.ts", formats: ["iife"], name: "Kalm", fileName: () => "kalm.js" },
    // Older phones; no syntax newer than these know.
    target: ["es2021", "safari16.4", "chrome98", "firefox101"],
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});
