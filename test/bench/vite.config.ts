/** Bundles the bench for Node, as the command line is bundled. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  root: path('../..'),
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    target: 'node20',
    outDir: path('../output/bench'),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { input: { bench: path('bench.ts'), ui: path('ui.ts') }, output: { entryFileNames: '[name].js' } },
  },
})
