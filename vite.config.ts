import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { readYaml } from './src/emu/lesson/parse.ts'

/** Scripts from self and WebAssembly alone; Monaco needs inline styles. Only in the build: the developer's server injects scripts. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
  ],
}

/** The heads of the shipped lessons become JSON, which the page reads without a reader of YAML. */
const lessonHeads: Plugin = {
  name: 'lesson-heads',
  apply: 'build',
  writeBundle({ dir }) {
    const lessons = join(dir!, 'lessons')
    for (const file of readdirSync(lessons)) {
      const path = join(lessons, file)
      const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(path, 'utf8'))!
      writeFileSync(path, `---\n${JSON.stringify(readYaml(head!))}\n---\n${body}`)
    }
  },
}

/** Everything that the page may ask for is there offline after the first visit; a new version waits until the user takes it. */
const offline = VitePWA({
  registerType: 'prompt',
  injectRegister: null,
  manifest: {
    name: 'Twostep: ppc64 exception debugger',
    short_name: 'Twostep',
    description: 'Step a ppc64 guest and its hypervisor independently, in the browser.',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#14171b',
    theme_color: '#14171b',
    icons: [
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-mask-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{html,js,css,svg,png,woff2,ttf,md,s,inc,txt,wasm}'],
    globIgnores: ['cli/**'],
    maximumFileSizeToCacheInBytes: 16 * 1024 * 1024,
    // Lessons and programs may be asked for with a query.
    ignoreURLParametersMatching: [/.*/],
  },
})

export default defineConfig({
  base: './',
  plugins: [react(), contentSecurityPolicy, lessonHeads, offline],
  worker: { format: 'es' },
  build: { target: 'es2023', chunkSizeWarningLimit: 4000 },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    exclude: ['test/browser/**', '**/node_modules/**'],
    environment: 'node',
    // Against a test that hangs, not against a slow machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
