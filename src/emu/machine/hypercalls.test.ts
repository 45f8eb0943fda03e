import { beforeEach, describe, expect, test } from 'vitest'
import { CIABR, getField, LPCR, MSR } from '../isa/bitfields.ts'
import { hypercalls } from './hypercalls.ts'
import { imageOfSource } from './image.ts'
import { Pseries } from './pseries.ts'

const H = { PUT_TERM_CHAR: 0x58n, GET_TERM_CHAR: 0x54n, SET_MODE: 0x31cn, CEDE: 0xe0n, REGISTER_PROC_TBL: 0x37cn, RTAS: 0xf000n }
const status = { SUCCESS: 0n, FUNCTION: -2n, PRIVILEGE: -3n, PARAMETER: -4n, P2: -55n, P3: -56n, P4: -57n, UNSUPPORTED_FLAG: -256n }
const name = new Map(Object.entries(status).map(([n, v]) => [v, n]))

let machine: Pseries
let state: Pseries['core']['vcpus'][number]['state']
beforeEach(() => {
  machine = new Pseries(imageOfSource('t.s', '# twostep: ram=16M vcpus=2\n_start: sc 1').image!)
  state = machine.core.vcpus[0]!.state
})

/** Registers from r3 on; gives r3 by the name of its status. */
function call(...registers: bigint[]): string {
  registers.forEach((v, n) => {
    state.set('GPR', v, 3 + n)
  })
  machine.hypercall(machine.core.vcpus[0]!)
  const r3 = BigInt.asIntN(64, state.get('GPR', 3))
  return name.get(r3) ?? `${r3}`
}
const sentence = (...registers: bigint[]): string => {
  registers.forEach((v, n) => {
    state.set('GPR', v, 3 + n)
  })
  return machine.hypercall(machine.core.vcpus[0]!).sentence
}
const lpcr = (field: keyof typeof LPCR.mask, vcpu = 0) => getField(LPCR, field, machine.core.vcpus[vcpu]!.state.get('LPCR'))

const packed = (text: string): [bigint, bigint] => {
  const view = new DataView(new ArrayBuffer(16))
  ;[...text].forEach((ch, n) => {
    view.setUint8(n, ch.charCodeAt(0))
  })
  return [view.getBigUint64(0), view.getBigUint64(8)]
}

describe('console', () => {
  test('H_PUT_TERM_CHAR writes the first characters of r6 and r7', () => {
    const heard: string[] = []
    machine.onOutput = text => heard.push(text)
    expect(call(H.PUT_TERM_CHAR, 0x71000000n, 5n, ...packed('hello, world'))).toBe('SUCCESS')
    expect(call(H.PUT_TERM_CHAR, 0n, 16n, ...packed('0123456789abcdef'))).toBe('SUCCESS')
    expect(heard).toEqual(['hello', '0123456789abcdef'])
    expect(machine.devices.consoleOutput).toBe('hello0123456789abcdef')
  })

  test('every byte arrives as it was', () => {
    for (let from = 0; from < 256; from += 16) {
      const text = String.fromCharCode(...Array.from({ length: 16 }, (_, n) => from + n))
      call(H.PUT_TERM_CHAR, 0n, 16n, ...packed(text))
    }
    expect([...machine.devices.consoleOutput].map(ch => ch.charCodeAt(0))).toEqual(Array.from({ length: 256 }, (_, n) => n))
  })

  test('what was wrong with a write', () => {
    expect(call(H.PUT_TERM_CHAR, 0n, 17n, 0n, 0n)).toBe('PARAMETER')
    expect(call(H.PUT_TERM_CHAR, 0x71000002n, 1n, 0n, 0n)).toBe('PARAMETER')
    expect(call(H.GET_TERM_CHAR, 0x71000002n)).toBe('PARAMETER')
    expect(machine.devices.consoleOutput).toBe('')
  })

  test('H_GET_TERM_CHAR gives what was typed, 16 at a time, and takes it away', () => {
    machine.type('a line of 21 letters\n')
    expect(call(H.GET_TERM_CHAR, 0n)).toBe('SUCCESS')
    expect([4, 5, 6].map(n => state.get('GPR', n))).toEqual([16n, ...packed('a line of 21 let')])
    call(H.GET_TERM_CHAR, 0n)
    expect([4, 5, 6].map(n => state.get('GPR', n))).toEqual([5n, ...packed('ters\n')])
    call(H.GET_TERM_CHAR, 0n)
    expect([4, 5, 6].map(n => state.get('GPR', n))).toEqual([0n, 0n, 0n])
  })

  test('letters beyond ASCII are typed as UTF-8', () => {
    machine.type('é€')
    call(H.GET_TERM_CHAR, 0n)
    expect(state.get('GPR', 4)).toBe(5n)
    expect(state.get('GPR', 5)).toBe(0xc3a9e282ac000000n)
  })
})

describe('H_SET_MODE', () => {
  const set = (flags: bigint, resource: bigint, value1 = 0n, value2 = 0n) => call(H.SET_MODE, flags, resource, value1, value2)

  test('AIL 0, 2 and 3, of every vCPU; 1 is reserved', () => {
    for (const ail of [3n, 2n, 0n]) {
      expect(set(ail, 3n)).toBe('SUCCESS')
      expect([lpcr('AIL', 0), lpcr('AIL', 1)]).toEqual([ail, ail])
    }
    set(3n, 3n)
    expect(set(1n, 3n)).toBe('UNSUPPORTED_FLAG')
    expect(set(4n, 3n)).toBe('UNSUPPORTED_FLAG')
    expect([set(2n, 3n, 1n), set(2n, 3n, 0n, 1n)]).toEqual(['P3', 'P4'])
    expect(lpcr('AIL')).toBe(3n)
  })

  test('byte order of interrupts, of every vCPU', () => {
    expect([lpcr('ILE', 0), lpcr('ILE', 1)]).toEqual([1n, 1n])
    expect(set(0n, 4n)).toBe('SUCCESS')
    expect([lpcr('ILE', 0), lpcr('ILE', 1)]).toEqual([0n, 0n])
    expect(set(1n, 4n)).toBe('SUCCESS')
    expect([set(2n, 4n), set(0n, 4n, 1n), set(0n, 4n, 0n, 1n)]).toEqual(['UNSUPPORTED_FLAG', 'P3', 'P4'])
    expect(lpcr('ILE')).toBe(1n)
  })

  test('CIABR of the caller, but never for hypervisor state', () => {
    const watched = 0x10000n | (2n << BigInt(CIABR.shift.PRIV))
    expect(set(0n, 1n, watched)).toBe('SUCCESS')
    expect(state.get('CIABR')).toBe(watched)
    expect(machine.core.vcpus[1]!.state.get('CIABR')).toBe(0n)
    expect([set(0n, 1n, 0x10003n), set(0n, 1n, 0n, 1n), set(1n, 1n, 0n)]).toEqual(['P3', 'P4', 'UNSUPPORTED_FLAG'])
    expect(state.get('CIABR')).toBe(watched)
  })

  test('DAWR of the caller, but never for hypervisor state', () => {
    expect(set(0n, 2n, 0x1238n, 0x63n)).toBe('SUCCESS')
    expect([state.get('DAWR0'), state.get('DAWRX0')]).toEqual([0x1238n, 0x63n])
    expect([set(0n, 2n, 0n, 0x64n), set(1n, 2n, 0n)]).toEqual(['P4', 'UNSUPPORTED_FLAG'])
    expect(state.get('DAWR0')).toBe(0x1238n)
  })

  test('no other resource', () => {
    expect([set(0n, 0n), set(0n, 5n), set(0n, 1n << 40n)]).toEqual(['P2', 'P2', 'P2'])
  })
})

test('H_CEDE enables external interrupts and says that the vCPU waits', () => {
  state.set('GPR', H.CEDE, 3)
  expect(machine.hypercall(machine.core.vcpus[0]!)).toMatchObject({ waits: true, poweredOff: false })
  expect(state.msr('EE')).toBe(true)
  expect(state.get('GPR', 3)).toBe(0n)
})

describe('H_REGISTER_PROC_TBL', () => {
  const register = (flags: bigint, base = 0x100000n, page = 0n, size = 4n) => call(H.REGISTER_PROC_TBL, flags, base, page, size)
  const table = () => machine.core.partition.processTable

  test('registers, keeps and removes a radix table; GTSE as asked', () => {
    expect(register(0x1dn)).toBe('SUCCESS')
    expect(table()).toEqual({ base: 0x100000n, bytes: 65536n })
    expect([lpcr('GTSE', 0), lpcr('GTSE', 1)]).toEqual([1n, 1n])
    expect(register(0x04n)).toBe('SUCCESS')
    expect(table()?.base).toBe(0x100000n)
    expect(lpcr('GTSE')).toBe(0n)
    expect(register(0x10n)).toBe('SUCCESS')
    expect(table()).toBeNull()
  })

  test('what was wrong leaves the table', () => {
    register(0x1dn)
    expect([register(0x3dn), register(0x1an), register(0x18n), register(0x00n)]).toEqual(Array(4).fill('PARAMETER'))
    expect([register(0x1dn, 0x100800n), register(0x1dn, 1n << 60n)]).toEqual(['P2', 'P2'])
    expect([register(0x1dn, 0n, 1n), register(0x1dn, 0n, 0n, 25n)]).toEqual(['P3', 'P4'])
    expect(table()?.base).toBe(0x100000n)
  })

  test('there is nothing to keep before one is registered', () => {
    expect(register(0x04n)).toBe('PARAMETER')
  })
})

describe('H_RTAS', () => {
  const at = 0x2000
  const call32 = (...words: number[]) => {
    const view = new DataView(new ArrayBuffer(4 * words.length))
    words.forEach((w, n) => {
      view.setUint32(4 * n, w)
    })
    machine.core.write(at, new Uint8Array(view.buffer))
    return call(H.RTAS, BigInt(at))
  }
  const result = (n: number) => new DataView(machine.core.read(at + 4 * n, 4).buffer).getInt32(0)

  test('power-off', () => {
    expect(call32(0x2003, 2, 1, 0xffffffff, 0xffffffff, 7)).toBe('SUCCESS')
    expect(machine.devices.poweredOff).toBe(true)
    expect(result(5)).toBe(0)
  })

  test('power-off with other counts is none', () => {
    expect(call32(0x2003, 0, 1, 7)).toBe('SUCCESS')
    expect(machine.devices.poweredOff).toBe(false)
    expect(result(3)).toBe(-3)
  })

  test('an unknown service', () => {
    expect(call32(0x2001, 1, 1, 0, 7)).toBe('PARAMETER')
    expect(result(4)).toBe(-3)
  })

  test('arguments that are not in RAM', () => {
    expect(call(H.RTAS, 16n << 20n)).toBe('PARAMETER')
    expect(call32(0x2003, 0x40000000, 1)).toBe('PARAMETER')
    expect(machine.devices.poweredOff).toBe(false)
  })
})

describe('the call itself', () => {
  test('an unknown number, also one that a known one is the low half of', () => {
    expect(call(0x5cn)).toBe('FUNCTION')
    expect(call((1n << 32n) | H.CEDE)).toBe('FUNCTION')
    expect(sentence(0x5cn)).toBe('hypercall 0x5c is not known: H_FUNCTION')
  })

  test('none from problem state', () => {
    state.set('MSR', state.get('MSR') | MSR.mask.PR)
    for (const number of Object.keys(hypercalls)) expect(call(BigInt(number))).toBe('PRIVILEGE')
  })

  test.each([
    ['H_PUT_TERM_CHAR wrote 1 character: "h"', [H.PUT_TERM_CHAR, 0n, 1n, ...packed('h')]],
    ['H_PUT_TERM_CHAR refused: 99 characters, at most 16', [H.PUT_TERM_CHAR, 0n, 99n]],
    ['H_GET_TERM_CHAR: nothing was typed', [H.GET_TERM_CHAR, 0n]],
    ['H_SET_MODE: AIL is 3', [H.SET_MODE, 3n, 3n, 0n, 0n]],
    ['H_SET_MODE refused: AIL 1 is reserved', [H.SET_MODE, 1n, 3n, 0n, 0n]],
    ['H_CEDE: vCPU 0 waits for an interrupt', [H.CEDE]],
    ['H_REGISTER_PROC_TBL: radix, at 0x100000', [H.REGISTER_PROC_TBL, 0x1dn, 0x100000n, 0n, 4n]],
  ])('says: %s', (expected, registers) => {
    expect(sentence(...registers)).toBe(expected)
  })
})
