/** What the documents name exists: files, tests, dependencies with their versions, channels. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { channels } from '../src/emu/hypervisor/policy.ts'
import { faults, mutants } from './law/mutants.ts'

const root = new URL('..', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const files = (folder: string): string[] =>
  readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap(e =>
    e.isDirectory() ? files(`${folder}${e.name}/`) : [`${folder}${e.name}`],
  )

const sources = files('src/')
const folders = [...new Set(sources.map(f => f.slice(0, f.lastIndexOf('/') + 1)))]

describe('docs/channels.md', () => {
  const text = read('docs/channels.md')
  const chapters = [...text.matchAll(/^## (\d+)\. /gm)].map(m => Number(m[1]))

  test('has a chapter for each channel, in order', () => {
    expect(chapters).toEqual(Object.keys(channels).map(Number))
  })

  test('names the probes of each channel', () => {
    const probes = readdirSync(new URL('public/programs/probes/', root)).filter(f => f.endsWith('.s'))
    for (const file of probes) {
      const channel = /^# channel: (\d+)/m.exec(read(`public/programs/probes/${file}`))![1]!
      const chapter = text.split(/^(?=## )/m).find(c => c.startsWith(`## ${channel}. `))
      expect(chapter, file).toContain(`\`${file.slice(0, -2)}\``)
    }
  })

  test('names each mutant, and no other', () => {
    const named = [...text.matchAll(/Mutants: (.*)\.$/gm)].flatMap(m => m[1]!.split('; '))
    expect(named.sort()).toEqual([...mutants, ...faults].map(m => m.what).sort())
  })

  test('names tests that exist', () => {
    const named = [...text.matchAll(/`([\w-]+\.test\.ts)` ((?:"[^"]+"(?:, )?)+)/g)]
    expect(named.length).toBeGreaterThan(10)
    for (const [, file, titles] of named) {
      const path = sources.find(f => f.endsWith(`/${file}`))
      expect(path, file).toBeDefined()
      for (const [, title] of titles!.matchAll(/"([^"]+)"/g)) expect(read(path!), `${file}: ${title}`).toContain(`'${title}'`)
    }
  })
})

describe('ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md')

  test('names files that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|docs|public)\/[\w./-]*)`/g)].map(m => m[1]!)
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter(path => !existsSync(new URL(path, root)))).toEqual([])
  })

  test('has a row for each dependency, with the version that is installed', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'))
    const { packages } = JSON.parse(read('package-lock.json'))
    const expected = Object.keys({ ...dependencies, ...devDependencies }).map(n => `${n} ${packages[`node_modules/${n}`].version}`)
    const rows = [...text.matchAll(/^\| `([^`]+)` \| (\d[\w.-]*) \|/gm)].map(m => `${m[1]} ${m[2]}`)
    expect(rows.sort()).toEqual(expected.sort())
  })

  test('draws the arrows that the lint rule enforces', () => {
    const rule = read('.dependency-cruiser.cjs')
    const arrows = [...rule.matchAll(/^ {2}(?:'([\w/]+)'|(\w+)): \[([^\]]*)\],$/gm)].map(
      m => [m[1] ?? m[2]!, [...m[3]!.matchAll(/'([^']+)'/g)].map(t => t[1]!)] as const,
    )
    expect(arrows.length).toBeGreaterThan(9)
    for (const [from, to] of arrows) {
      const row = text.split('\n').find(l => l.startsWith(`${from} `) && l.includes('→'))
      expect(row, `the row of ${from}`).toBeDefined()
      expect(
        row!
          .slice(row!.indexOf('→') + 1)
          .trim()
          .split(/\s+/),
      ).toEqual(to.length ? to : ['nothing'])
    }
  })
})

describe('the folders of src/', () => {
  test('introduce themselves', () => {
    expect(folders.filter(f => !existsSync(new URL(`${f}README.md`, root)))).toEqual([])
  })

  test.each(folders)('%s: its README names files that exist', folder => {
    const text = read(`${folder}README.md`)
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|tsx|css))`/g)].map(m => m[1]!)
    const found = (name: string) => [folder, '', 'src/', 'src/emu/'].some(from => existsSync(new URL(from + name, root)))
    expect(named.filter(name => !found(name))).toEqual([])
  })

  test('hold no file that is too long to read', () => {
    expect(sources.filter(f => /\.tsx?$/.test(f) && read(f).split('\n').length > 601)).toEqual([])
  })
})
