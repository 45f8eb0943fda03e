/** Bundles the command line for Node: `vite build -c src/cli/vite.config.ts`. */
import { chmodSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const command = 'twostep.js'

/** npx starts the package's own command as a program. */
const executable: Plugin = { name: 'executable', writeBundle: ({ dir }) => chmodSync(`${dir}/${command}`, 0o755) }

export default defineConfig({
  root: path('../..'),
  publicDir: false,
  plugins: [executable],
  // One file that needs no packages beside it.
  ssr: { noExternal: true },
  build: {
    ssr: path('twostep.ts'),
    target: 'node20',
    outDir: path('../../dist/cli'),
    emptyOutDir: true,
    minify: false,
    rolldownOptions: { output: { entryFileNames: command, banner: '#!/usr/bin/env node' } },
  },
})
