/** `npm run bench`: measures what the project promises of its speed and size, and prints a table. It never fails a build. */
import { cpSync, existsSync, rmSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { type FirstLoad, firstLoad, launch, matrixTime, runInWorker, serve } from './browser.ts'
import { node, qemu, type Runner } from './processes.ts'
import { fourOverOne, runOne, transparentStep } from './steps.ts'
import { best, formatTable, type Row } from './table.ts'
import { workerHeaps } from './worker-heap.ts'

const ROUNDS = 3
const RATIO = { atLeast: 0.2 }
const [KB, MiB] = [1000, 1 << 20]
const built = `${process.cwd()}/dist`
/** A copy, so that a build which begins meanwhile changes nothing. */
const dist = `${process.cwd()}/test/output/dist`
const command = `${dist}/cli/twostep.js`

/** Processor time of the bench without what starting costs: that of a program that does nothing is taken off. */
interface Samples {
  readonly work: number[]
  readonly start: number[]
  output: string
}
const samples = (): Samples => ({ work: [], start: [], output: '' })
const net = (s: Samples): number => best(s.work) - best(s.start)

function sample(runner: Runner, into: Samples): void {
  into.start.push(runner.run('nothing').milliseconds)
  const { milliseconds, output } = runner.run('bench')
  into.work.push(milliseconds)
  into.output = output
}

const missing = (what: string, unit: string, e: unknown): Row => ({
  what,
  value: null,
  unit,
  note: `not measured: ${(e as Error).message.split('\n')[0]}`,
})

/** A row, or why there is none. */
async function attempt(what: string, unit: string, measure: () => Promise<Row[]> | Row[]): Promise<Row[]> {
  try {
    return await measure()
  } catch (e) {
    return [missing(what, unit, e)]
  }
}

const ratioRow = (where: string, reference: Samples, ours: Samples): Row => ({
  what: `interpreter ${where} ÷ qemu-system-ppc64`,
  value: net(reference) / net(ours),
  unit: '',
  wanted: RATIO,
  note: `${(net(ours) / 1000).toFixed(2)} s, QEMU ${(net(reference) / 1000).toFixed(2)} s${ours.output === reference.output ? '' : '; THE CHECK SUMS DIFFER'}`,
})

async function workerRatio({ page, workerUrl }: FirstLoad, reference: Samples): Promise<Row[]> {
  const ours = samples()
  for (let n = 0; n < ROUNDS; n++) {
    sample(qemu, reference)
    ours.start.push((await runInWorker(page, workerUrl, 'nothing')).milliseconds)
    const { milliseconds, output } = await runInWorker(page, workerUrl, 'bench')
    ours.work.push(milliseconds)
    ours.output = output
  }
  return [ratioRow('in a Chromium worker', reference, ours)]
}

async function heapRow({ page, workerUrl }: FirstLoad, when: string): Promise<Row[]> {
  const heaps = await workerHeaps(page, workerUrl)
  if (heaps.length === 0) throw new Error('the page has no worker')
  return [{ what: `worker heap with 64 MiB of guest RAM, ${when}`, value: Math.max(...heaps) / MiB, unit: 'MiB', wanted: { atMost: 200 } }]
}

async function browserRows(reference: Samples | null): Promise<Row[]> {
  const browser = await launch()
  const served = await serve(dist)
  const rows: Row[] = []
  try {
    const loads: FirstLoad[] = []
    for (let n = 0; n < ROUNDS; n++) {
      if (n > 0) await loads[n - 1]!.page.context().close()
      loads.push(await firstLoad(await browser.newContext({ serviceWorkers: 'block' }), served.address))
    }
    const last = loads.at(-1)!
    const milliseconds = best(loads.map(l => l.milliseconds))
    rows.push({ what: 'first load to the paused lesson', value: milliseconds, unit: 'ms', wanted: { atMost: 2000 } })
    rows.push({
      what: 'scripts of the first load, gzipped, without Monaco',
      value: last.scriptBytes / KB,
      unit: 'kB',
      wanted: { atMost: 400 },
    })
    rows.push(
      ...(await attempt('the matrix of probes in the browser', 'ms', async () => [
        { what: 'the matrix of probes in the browser', value: await matrixTime(last), unit: 'ms', wanted: { atMost: 5000 } },
      ])),
    )
    rows.push(...(await attempt('worker heap, lesson loaded', 'MiB', () => heapRow(last, 'lesson loaded'))))
    if (reference) rows.push(...(await attempt('interpreter in a Chromium worker', '', () => workerRatio(last, reference))))
    rows.push(...(await attempt('worker heap, after the bench', 'MiB', () => heapRow(last, 'after the bench'))))
  } finally {
    served.close()
    await browser.close()
  }
  return rows
}

async function main(): Promise<void> {
  if (!existsSync(`${built}/cli/twostep.js`) || !existsSync(`${built}/index.html`)) {
    console.log('Nothing is built yet. Run npm run build first.')
    return
  }
  rmSync(dist, { recursive: true, force: true })
  cpSync(built, dist, { recursive: true })
  const rows: Row[] = []
  let reference: Samples | null = null
  rows.push(
    ...(await attempt('interpreter in Node ÷ qemu-system-ppc64', '', () => {
      const [theirs, ours] = [samples(), samples()]
      for (let n = 0; n < ROUNDS; n++) {
        sample(qemu, theirs)
        sample(node(command), ours)
      }
      reference = theirs
      return [ratioRow('in Node', theirs, ours)]
    })),
  )
  rows.push({ what: 'run(1)', value: runOne() * 1e6, unit: 'ns', wanted: { atMost: 1000 } })
  rows.push({ what: 'outside step under Transparent', value: transparentStep() * 1e3, unit: 'µs', wanted: { atMost: 20 } })
  rows.push({ what: 'instructions of 4 vCPUs ÷ of one', value: fourOverOne(), unit: '', wanted: { atLeast: 0.5 } })
  rows.push(...(await attempt('the page in Chromium', '', () => browserRows(reference))))
  console.log(formatTable(rows))
  console.log(
    `\nBest of ${ROUNDS}, taken in turns, on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}.`,
  )
}

await main()
