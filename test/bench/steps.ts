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

const ROUNDS = 5

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
