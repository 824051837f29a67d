/**
 * Says which files are tests and how many run at once.
 *
 * @module
 */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*_test.{ts,tsx}", "scripts/**/*_test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000
  }
})
