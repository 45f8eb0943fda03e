/** Advice is about what a program does: the probes and the lessons, which do what they do on purpose, get none that is not true. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Grader } from '../src/cli/grader.ts'
import { Headless } from '../src/cli/headless.ts'
import { parseLesson } from '../src/emu/lesson/parse.ts'
import { parseScript } from '../src/emu/script/script.ts'
import { lessons } from '../src/ui/lesson/lessons.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const probes = readdirSync(new URL('../public/programs/probes', import.meta.url)).sort()
const ENDS: ReadonlySet<string | null> = new Set(['powerOff', 'attn', 'waiting', 'stuck', 'unsupported'])
const told = ({ view }: Headless) => view.advice.map(a => `${a.kind}: ${a.text}`)

async function probe(name: string): Promise<Headless> {
  const machine = new Headless()
  await machine.send('loadSource', { name, source: read(`public/programs/probes/${name}`) })
  await machine.send('setPolicy', { policy: 'transparent' })
  return machine
}

test.each(probes)('%s, run free and stepped from outside without a trace', async name => {
  const free = await probe(name)
  await free.send('continue', { actor: 'machine', until: 200_000n })
  await free.atRest()
  expect(told(free)).toEqual([])
  const stepped = await probe(name)
  for (let n = 0; n < 40 && !ENDS.has(stepped.view.run.reason); n++) await stepped.send('stepOutside', {})
  expect(told(stepped)).toEqual([])
})

/** RFC v2 steps in the window and leaves what its Trace interrupt wrote: the lesson is about that. */
const isTrue: Readonly<Record<string, RegExp>> = { 'the-fatal-window': /^SRR overwritten: Outside stepped to .* and RFC v2 leaves them so/ }

test.each(lessons.filter(l => l.id !== 'repair-rfc-v2').map(l => [l.id, l] as const))('%s, through its answer', async (id, {
  file,
  number,
}) => {
  const lesson = parseLesson(read(`public/${file}`))
  const grader = new Grader(lesson)
  await grader.load('guest.s', lesson.source ?? read(`public/programs/${lesson.program}`))
  await grader.set()
  const all = new Set<string>()
  await grader.play(parseScript(read(`test/lessons/${number}.txt`)), undefined, () => {
    for (const text of told(grader.machine)) all.add(text)
  })
  const wanted = isTrue[id]
  if (wanted) expect([...all]).toEqual([expect.stringMatching(wanted)])
  else expect([...all]).toEqual([])
})
