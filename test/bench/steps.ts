/** What single steps cost in this process: `run(1)` of the core, and an outside step under Transparent. */
import { Hypervisor } from '../../src/emu/hypervisor/hypervisor.ts'
import { imageOfSource } from '../../src/emu/machine/image.ts'
import { Pseries } from '../../src/emu/machine/pseries.ts'
import { best } from './table.ts'

const program = `# twostep: map=radix ail=3 ir=1 dr=1
_start: li r4, 8
1:      mfmsr r5
        andi. r6, r5, 0x400
        addi r3, r3, 1
        addic. r4, r4, -1
        bne 1b
        b _start
`

function machine(): Pseries {
  const { image } = imageOfSource('steps.s', program)
  if (!image) throw new Error('the program does not assemble')
  return new Pseries(image)
}

/** Every vCPU counts by itself. */
const counting = (vcpus: number): Pseries => {
  const { image } = imageOfSource(
    'count.s',
    `# twostep: map=radix ail=3 ir=1 dr=1 vcpus=${vcpus}\n_start: addi r3, r3, 1\nxor r4, r4, r3\nstd r4, -8(r1)\nb _start\n`,
  )
  if (!image) throw new Error('the program does not assemble')
  return new Pseries(image)
}

const ROUNDS = 5
const RUN = 40_000_000

/** Instructions of all vCPUs by round robin in the time in which one executes as many alone. */
export function fourOverOne(): number {
  const [one, four] = [1, 4].map(vcpus => new Hypervisor(counting(vcpus), 'transparent')) as [Hypervisor, Hypervisor]
  const cost = (h: Hypervisor) => costOf(1, () => h.run(0, RUN))
  for (const h of [one, four]) h.run(0, RUN)
  return cost(one) / cost(four)
}

/** Milliseconds of processor time of one call, the best of some rounds. */
function costOf(count: number, act: () => void): number {
  return best(
    Array.from({ length: ROUNDS }, () => {
      const from = process.cpuUsage()
      for (let n = 0; n < count; n++) act()
      const { user, system } = process.cpuUsage(from)
      return (user + system) / 1000 / count
    }),
  )
}

/** Milliseconds of `run(1)`. */
export function runOne(): number {
  const vcpu = machine().core.vcpus[0]!
  return costOf(100_000, () => vcpu.run(1))
}

/** Milliseconds of an outside step, from arming to report. */
export function transparentStep(): number {
  const hypervisor = new Hypervisor(machine(), 'transparent')
  return costOf(5_000, () => {
    hypervisor.begin(0)
    hypervisor.finishStep(1_000)
  })
}
