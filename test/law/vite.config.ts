/** Bundles the law and its thread for Node. */
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
    outDir: path('../output/law-built'),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: { law: path('law.ts'), worker: path('worker.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
})
