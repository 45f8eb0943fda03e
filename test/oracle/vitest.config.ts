/** The live comparisons with programs that are not ours: binutils, QEMU. Fresh random cases each time; SEED repeats a run. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'oracle',
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/oracle/**/*.oracle.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
    fileParallelism: false,
  },
})
