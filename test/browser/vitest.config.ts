/** The production build in Chromium. RECORD=1 writes the pictures that are compared anew. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'browser',
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/browser/**/*.test.ts'],
    globalSetup: 'test/browser/serve.ts',
    // Parts of the page are fetched when they are looked at; a busy machine takes its time.
    expect: { poll: { timeout: 10_000 } },
    // Where the machine is shared, what failed is tried once more; the report says which.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
})
