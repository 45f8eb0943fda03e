/** The arrows of the house (ARCHITECTURE.md): each folder may reach only what its row lists. */
const arrows = {
  'emu/wasm': [],
  'emu/isa': ['emu/wasm'],
  'emu/core': ['emu/isa', 'emu/wasm'],
  'emu/asm': ['emu/isa', 'emu/wasm'],
  'emu/machine': ['emu/core', 'emu/asm', 'emu/isa', 'emu/wasm'],
  'emu/hypervisor': ['emu/machine', 'emu/core', 'emu/asm', 'emu/isa', 'emu/wasm'],
  'emu/debug': ['emu/hypervisor', 'emu/machine', 'emu/core', 'emu/asm', 'emu/isa', 'emu/wasm'],
  'emu/worker': ['emu/debug', 'emu/hypervisor', 'emu/machine', 'emu/core', 'emu/asm', 'emu/isa'],
  'emu/script': ['emu/worker/protocol'],
  'emu/lesson': ['emu/script', 'emu/worker/protocol', 'emu/worker/timeline-events', 'emu/isa'],
  ui: [
    'emu/lesson',
    'emu/script',
    'emu/hypervisor/policy-id',
    'emu/worker/protocol',
    'emu/worker/entry',
    'emu/worker/matrix-entry',
    'emu/worker/timeline-events',
    'emu/worker/event-columns',
    'emu/isa',
    'emu/wasm',
  ],
  cli: ['emu/'],
}
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(arrows).map(([from, to]) => ({
      name: `arrows-of-${from.replace('/', '-')}`,
      severity: 'error',
      from: { path: `^src/${from}/`, pathNot: '\\.test\\.tsx?$' },
      to: { path: '^src/', pathNot: [`^src/${from}/`, ...to.map(t => `^src/${t}`)] },
    })),
    {
      name: 'machine-without-dom',
      severity: 'error',
      // A lesson's head is YAML, and its reader is nobody's machine.
      from: { path: '^src/emu/', pathNot: ['\\.test\\.ts$', '^src/emu/lesson/parse\\.ts$'] },
      to: { dependencyTypes: ['core', 'npm'] },
    },
  ],
  options: { tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' } },
}
