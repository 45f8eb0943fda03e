/** Bundles the command line for Node: `vite build -c src/cli/vite.config.ts`. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  root: path('../..'),
  publicDir: false,
  build: {
    ssr: path('twostep.ts'),
    target: 'node20',
    outDir: path('../../dist/cli'),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'twostep.js', banner: '#!/usr/bin/env node' } },
  },
})
