/**
 * Floating-point, vector, VSX and transactional instructions of POWER9: enough to tell which facility each needs, and to name it.
 * Reserved bits are ignored, as POWER9 does.
 */
import type { facilityCause, MSR } from './bitfields.ts'
import type { InterruptId } from './interrupts.ts'

export type Facility = 'fp' | 'vec' | 'vsx' | 'tm'

export interface FacilityGate {
  /** Name in messages. */
  readonly name: string
  /** With this bit of the MSR 0, `interrupt` is taken. */
  readonly msr: keyof typeof MSR.mask
  readonly interrupt: InterruptId
  /** Below hypervisor state, with this bit of HFSCR 0, Hypervisor Facility Unavailable with its cause; also FSCR[IC] of Facility Unavailable. */
  readonly hypervisor: keyof typeof facilityCause
}

// biome-ignore format: a table
export const facilities: Readonly<Record<Facility, FacilityGate>> = {
  fp:  { name: 'floating-point',       msr: 'FP',  interrupt: 'fpUnavailable',       hypervisor: 'FP' },
  vec: { name: 'vector',               msr: 'VEC', interrupt: 'vectorUnavailable',   hypervisor: 'VECVSX' },
  vsx: { name: 'VSX',                  msr: 'VSX', interrupt: 'vsxUnavailable',      hypervisor: 'VECVSX' },
  tm:  { name: 'transactional memory', msr: 'TM',  interrupt: 'facilityUnavailable', hypervisor: 'TM' },
}

export interface FacilityRow {
  readonly name: string
  readonly form: string
  /** Book and section. */
  readonly section: string
  readonly match: number
  readonly mask: number
  readonly facility: Facility
  /** Where the facility depends on the register: the bit that is 1 for registers 32 to 63, and the facility of those. */
  readonly upper: { readonly bit: number; readonly facility: Facility } | null
}

type Run = readonly [first: number, last: number]
/** Where a form has its extended opcode, and the bit, if any, that adds a suffix to the name. */
interface FacilityForm {
  /** As the book calls it. */
  readonly form: string
  readonly match: number
  readonly mask: number
  readonly xo: readonly Run[]
  readonly suffix?: { readonly bit: number; readonly text: string }
  /** Bit that is 1 for registers 32 to 63. */
  readonly upper?: number
}
interface Need {
  readonly section: string
  readonly facility: Facility
  readonly upper?: Facility
}

const ones = ([first, last]: Run): number => ((2 ** (last - first + 1) - 1) << (31 - last)) >>> 0
const bitAt = (n: number): number => (2 ** (31 - n)) >>> 0

/** The bits of an extended opcode, laid into its runs. */
function placed(runs: readonly Run[], value: number): number {
  let word = 0
  let rest = value
  for (const run of [...runs].reverse()) {
    const size = 2 ** (run[1] - run[0] + 1)
    word |= (rest % size) << (31 - run[1])
    rest = Math.floor(rest / size)
  }
  return word >>> 0
}

function rows(need: Need, form: FacilityForm, names: Readonly<Record<string, number>>): FacilityRow[] {
  const { suffix } = form
  const upper = need.upper && form.upper !== undefined ? { bit: bitAt(form.upper), facility: need.upper } : null
  return Object.entries(names).flatMap(([name, xo]) => {
    const match = (form.match | placed(form.xo, xo)) >>> 0
    const mask = form.xo.reduce((m, run) => (m | ones(run)) >>> 0, form.mask)
    const plain = { name, form: form.form, section: need.section, match, mask, facility: need.facility, upper }
    if (!suffix) return [plain]
    const on = bitAt(suffix.bit)
    const withBit = (mask | on) >>> 0
    return [
      { ...plain, mask: withBit },
      { ...plain, name: name + suffix.text, match: (match | on) >>> 0, mask: withBit },
    ]
  })
}

const OPCODE: Run = [0, 5]
const of =
  (form: string, xo: readonly Run[], more: Partial<FacilityForm> = {}) =>
  (opcode: number): FacilityForm => ({ form, match: placed([OPCODE], opcode), mask: ones(OPCODE), xo, ...more })
/** The instructions that share an extended opcode and differ in bits 11:15. */
const within = (form: FacilityForm, xo: number): FacilityForm => ({
  ...form,
  match: (form.match | placed(form.xo, xo)) >>> 0,
  mask: form.xo.reduce((m, run) => (m | ones(run)) >>> 0, form.mask),
  xo: [[11, 15]],
})

const Rc = { suffix: { bit: 31, text: '.' } }
const recordIn21 = { suffix: { bit: 21, text: '.' } }

/** Forms by name, as in the book (Book I, 1.6); a function where several primary opcodes have the form. */
const D: FacilityForm = { form: 'D', match: 0, mask: 0, xo: [OPCODE] }
const X = of('X', [[21, 30]])
const XRc = of('X', [[21, 30]], Rc)
/** Bit 31 must be 1. */
const X1 = (opcode: number): FacilityForm => ({
  form: 'X',
  match: (X(opcode).match | 1) >>> 0,
  mask: (X(opcode).mask | 1) >>> 0,
  xo: [[21, 30]],
})
const XO = of('X', [[21, 30]], { suffix: { bit: 31, text: 'o' } })
const XX1 = of('XX1', [[21, 30]], { upper: 31 })
const LXVX = of('XX1', [[21, 24], [26, 30]], { upper: 31 })(31) // biome-ignore format: one form a line
const A = of('A', [[26, 30]], Rc)
const DS = of('DS', [[30, 31]])
const DQ = of('DQ', [[29, 31]], { upper: 28 })
const Z22 = of('Z22', [[22, 30]])
const Z22Rc = of('Z22', [[22, 30]], Rc)
const Z23 = of('Z23', [[23, 30]])
const Z23Rc = of('Z23', [[23, 30]], Rc)
const Z23X = of('Z23', [[23, 30]], { suffix: { bit: 31, text: 'x' } })
const VA = of('VA', [[26, 31]])(4)
const VC = of('VC', [[22, 31]], recordIn21)(4)
const VX = of('VX', [[21, 31]])(4)
/** Bit 22 is PS. */
const BCD = of('VX', [[21, 21], [23, 31]])(4) // biome-ignore format: one form a line
const XX2 = of('XX2', [[21, 29]])(60)
/** Bits 25, 29 and 11:15 are DCMX. */
const XX2DC = of('XX2', [[21, 24], [26, 28]])(60) // biome-ignore format: one form a line
const XX3 = of('XX3', [[21, 28]])(60)
const XX3Rc = of('XX3', [[22, 28]], recordIn21)(60)
/** Bits 22:23 are DM or SHW. */
const XX3DM = of('XX3', [[21, 21], [24, 28]])(60) // biome-ignore format: one form a line
const XX4 = of('XX4', [[26, 27]])(60)

const fp: Need = { facility: 'fp', section: 'Book I, 4.6' }
const decimal: Need = { facility: 'fp', section: 'Book I, 5.6' }
const vec: Need = { facility: 'vec', section: 'Book I, 6' }
const vsx: Need = { facility: 'vsx', section: 'Book I, 7.6' }
const tm: Need = { facility: 'tm', section: 'Book II, 5.5' }
const fpOrVec: Need = { facility: 'fp', upper: 'vec', section: 'Book I, 7.6' }
const vsxOrVec: Need = { facility: 'vsx', upper: 'vec', section: 'Book I, 7.6' }

/** By extended opcode within each form. */
// biome-ignore format: a table
export const facilityRows: readonly FacilityRow[] = [
  // Floating-point. Book I, 4.6.
  ...rows(fp, D, { lfs: 48, lfsu: 49, lfd: 50, lfdu: 51, stfs: 52, stfsu: 53, stfd: 54, stfdu: 55 }),
  ...rows(fp, X(31), {
    lfsx: 535, lfsux: 567, lfdx: 599, lfdux: 631, stfsx: 663, stfsux: 695, stfdx: 727, stfdux: 759, lfiwax: 855, lfiwzx: 887, stfiwx: 983,
  }),
  ...rows(fp, A(59), {
    fdivs: 18, fsubs: 20, fadds: 21, fsqrts: 22, fres: 24, fmuls: 25, frsqrtes: 26, fmsubs: 28, fmadds: 29, fnmsubs: 30, fnmadds: 31,
  }),
  ...rows(fp, XRc(59), { fcfids: 846, fcfidus: 974 }),
  ...rows(fp, A(63), {
    fdiv: 18, fsub: 20, fadd: 21, fsqrt: 22, fsel: 23, fre: 24, fmul: 25, frsqrte: 26, fmsub: 28, fmadd: 29, fnmsub: 30, fnmadd: 31,
  }),
  ...rows(fp, X(63), { fcmpu: 0, fcmpo: 32, mcrfs: 64, ftdiv: 128, ftsqrt: 160, fmrgow: 838, fmrgew: 966 }),
  ...rows(fp, XRc(63), {
    fcpsgn: 8, frsp: 12, fctiw: 14, fctiwz: 15, mtfsb1: 38, fneg: 40, mtfsb0: 70, fmr: 72, mtfsfi: 134, fnabs: 136, fctiwu: 142,
    fctiwuz: 143, fabs: 264, frin: 392, friz: 424, frip: 456, frim: 488, mtfsf: 711, fctid: 814, fctidz: 815, fcfid: 846, fctidu: 942,
    fctiduz: 943, fcfidu: 974,
  }),
  ...rows(fp, within(XRc(63), 583), { mffs: 0 }),
  ...rows(fp, within(X(63), 583), { mffsce: 1, mffscdrn: 20, mffscdrni: 21, mffscrn: 22, mffscrni: 23, mffsl: 24 }),
  // Decimal floating-point, doubleword and quadword. Book I, 5.6.
  ...rows(decimal, X(59), { dcmpo: 130, dtstex: 162, dcmpu: 642, dtstsf: 674, dtstsfi: 675 }),
  ...rows(decimal, XRc(59), {
    dadd: 2, dmul: 34, dctdp: 258, dctfix: 290, ddedpd: 322, dxex: 354, dsub: 514, ddiv: 546, drsp: 770, dcffix: 802, denbcd: 834,
    diex: 866,
  }),
  ...rows(decimal, Z22(59), { dtstdc: 194, dtstdg: 226 }),
  ...rows(decimal, Z22Rc(59), { dscli: 66, dscri: 98 }),
  ...rows(decimal, Z23Rc(59), { dqua: 3, drrnd: 35, dquai: 67, drintx: 99, drintn: 227 }),
  ...rows(decimal, X(63), { dcmpoq: 130, dtstexq: 162, dcmpuq: 642, dtstsfq: 674, dtstsfiq: 675 }),
  ...rows(decimal, XRc(63), {
    daddq: 2, dmulq: 34, dctqpq: 258, dctfixq: 290, ddedpdq: 322, dxexq: 354, dsubq: 514, ddivq: 546, drdpq: 770, dcffixq: 802,
    denbcdq: 834, diexq: 866,
  }),
  ...rows(decimal, Z22(63), { dtstdcq: 194, dtstdgq: 226 }),
  ...rows(decimal, Z22Rc(63), { dscliq: 66, dscriq: 98 }),
  ...rows(decimal, Z23Rc(63), { dquaq: 3, drrndq: 35, dquaiq: 67, drintxq: 99, drintnq: 227 }),
  // Vector. Book I, 6.6 to 6.17, and the VSX loads and stores of registers 32 to 63.
  ...rows(vec, X(31), {
    lvsl: 6, lvebx: 7, lvsr: 38, lvehx: 39, lvewx: 71, lvx: 103, stvebx: 135, stvehx: 167, stvewx: 199, stvx: 231, lvxl: 359, stvxl: 487,
  }),
  ...rows(vec, DS(57), { lxsd: 2, lxssp: 3 }),
  ...rows(vec, DS(61), { stxsd: 2, stxssp: 3 }),
  ...rows(vec, VA, {
    vmhaddshs: 32, vmhraddshs: 33, vmladduhm: 34, vmsumudm: 35, vmsumubm: 36, vmsummbm: 37, vmsumuhm: 38, vmsumuhs: 39, vmsumshm: 40,
    vmsumshs: 41, vsel: 42, vperm: 43, vsldoi: 44, vpermxor: 45, vmaddfp: 46, vnmsubfp: 47, vpermr: 59, vaddeuqm: 60, vaddecuq: 61,
    vsubeuqm: 62, vsubecuq: 63,
  }),
  ...rows(vec, VC, {
    vcmpequb: 6, vcmpneb: 7, vcmpequh: 70, vcmpneh: 71, vcmpequw: 134, vcmpnew: 135, vcmpeqfp: 198, vcmpequd: 199, vcmpnezb: 263,
    vcmpnezh: 327, vcmpnezw: 391, vcmpgefp: 454, vcmpgtub: 518, vcmpgtuh: 582, vcmpgtuw: 646, vcmpgtfp: 710, vcmpgtud: 711, vcmpgtsb: 774,
    vcmpgtsh: 838, vcmpgtsw: 902, vcmpbfp: 966, vcmpgtsd: 967,
  }),
  ...rows(vec, VX, {
    vaddubm: 0, vmul10cuq: 1, vmaxub: 2, vrlb: 4, vmuloub: 8, vaddfp: 10, vmrghb: 12, vpkuhum: 14, vadduhm: 64, vmul10ecuq: 65, vmaxuh: 66,
    vrlh: 68, vmulouh: 72, vsubfp: 74, vmrghh: 76, vpkuwum: 78, vadduwm: 128, vmaxuw: 130, vrlw: 132, vrlwmi: 133, vmulouw: 136,
    vmuluwm: 137, vmrghw: 140, vpkuhus: 142, vaddudm: 192, vmaxud: 194, vrld: 196, vrldmi: 197, vpkuwus: 206, vadduqm: 256, vmaxsb: 258,
    vslb: 260, vmulosb: 264, vrefp: 266, vmrglb: 268, vpkshus: 270, vaddcuq: 320, vmaxsh: 322, vslh: 324, vmulosh: 328, vrsqrtefp: 330,
    vmrglh: 332, vpkswus: 334, vaddcuw: 384, vmaxsw: 386, vslw: 388, vrlwnm: 389, vmulosw: 392, vexptefp: 394, vmrglw: 396, vpkshss: 398,
    vmaxsd: 450, vsl: 452, vrldnm: 453, vlogefp: 458, vpkswss: 462, vaddubs: 512, vmul10uq: 513, vminub: 514, vsrb: 516, vmuleub: 520,
    vrfin: 522, vspltb: 524, vextractub: 525, vupkhsb: 526, vadduhs: 576, vmul10euq: 577, vminuh: 578, vsrh: 580, vmuleuh: 584, vrfiz: 586,
    vsplth: 588, vextractuh: 589, vupkhsh: 590, vadduws: 640, vminuw: 642, vsrw: 644, vmuleuw: 648, vrfip: 650, vspltw: 652,
    vextractuw: 653, vupklsb: 654, vminud: 706, vsr: 708, vrfim: 714, vextractd: 717, vupklsh: 718, vaddsbs: 768, vminsb: 770, vsrab: 772,
    vmulesb: 776, vcfux: 778, vspltisb: 780, vinsertb: 781, vpkpx: 782, vaddshs: 832, 'bcdcpsgn.': 833, vminsh: 834, vsrah: 836,
    vmulesh: 840, vcfsx: 842, vspltish: 844, vinserth: 845, vupkhpx: 846, vaddsws: 896, vminsw: 898, vsraw: 900, vmulesw: 904, vctuxs: 906,
    vspltisw: 908, vinsertw: 909, vminsd: 962, vsrad: 964, vctsxs: 970, vinsertd: 973, vupklpx: 974, vsububm: 1024, vavgub: 1026,
    vabsdub: 1027, vand: 1028, vpmsumb: 1032, vmaxfp: 1034, vslo: 1036, vsubuhm: 1088, vavguh: 1090, vabsduh: 1091, vandc: 1092,
    vpmsumh: 1096, vminfp: 1098, vsro: 1100, vpkudum: 1102, vsubuwm: 1152, vavguw: 1154, vabsduw: 1155, vor: 1156, vpmsumw: 1160,
    vsubudm: 1216, vxor: 1220, vpmsumd: 1224, vpkudus: 1230, vsubuqm: 1280, vavgsb: 1282, vnor: 1284, vcipher: 1288, vcipherlast: 1289,
    vgbbd: 1292, vsubcuq: 1344, vavgsh: 1346, vorc: 1348, vncipher: 1352, vncipherlast: 1353, vbpermq: 1356, vpksdus: 1358, vsubcuw: 1408,
    vavgsw: 1410, vnand: 1412, vsld: 1476, vsbox: 1480, vbpermd: 1484, vpksdss: 1486, vsububs: 1536, mfvscr: 1540, vsum4ubs: 1544,
    vextublx: 1549, vsubuhs: 1600, mtvscr: 1604, vsum4shs: 1608, vextuhlx: 1613, vupkhsw: 1614, vsubuws: 1664, vshasigmaw: 1666, veqv: 1668,
    vsum2sws: 1672, vmrgow: 1676, vextuwlx: 1677, vshasigmad: 1730, vsrd: 1732, vupklsw: 1742, vsubsbs: 1792, vclzb: 1794, vpopcntb: 1795,
    vsrv: 1796, vsum4sbs: 1800, vextubrx: 1805, vsubshs: 1856, vclzh: 1858, vpopcnth: 1859, vslv: 1860, vextuhrx: 1869, vsubsws: 1920,
    vclzw: 1922, vpopcntw: 1923, vsumsws: 1928, vmrgew: 1932, vextuwrx: 1933, vclzd: 1986, vpopcntd: 1987,
  }),
  ...rows(vec, within(VX, 1538), {
    vclzlsbb: 0, vctzlsbb: 1, vnegw: 6, vnegd: 7, vprtybw: 8, vprtybd: 9, vprtybq: 10, vextsb2w: 16, vextsh2w: 17, vextsb2d: 24,
    vextsh2d: 25, vextsw2d: 26, vctzb: 28, vctzh: 29, vctzw: 30, vctzd: 31,
  }),
  ...rows(vec, BCD, { 'bcdadd.': 513, 'bcdsub.': 577, 'bcdus.': 641, 'bcds.': 705, 'bcdtrunc.': 769, 'bcdutrunc.': 833, 'bcdsr.': 961 }),
  ...rows(vec, within(BCD, 897), {
    'bcdctsq.': 0, 'bcdcfsq.': 2, 'bcdctz.': 4, 'bcdctn.': 5, 'bcdcfz.': 6, 'bcdcfn.': 7, 'bcdsetsgn.': 31,
  }),
  // VSX. Book I, 7.6.
  ...rows(vsx, XX1(31), {
    lxsiwzx: 12, lxsiwax: 76, stxsiwx: 140, lxvdsx: 332, lxsspx: 524, lxsdx: 588, stxsspx: 652, stxsdx: 716, lxvw4x: 780, lxsibzx: 781,
    lxvh8x: 812, lxsihzx: 813, lxvd2x: 844, lxvb16x: 876, stxvw4x: 908, stxsibx: 909, stxvh8x: 940, stxsihx: 941, stxvd2x: 972,
    stxvb16x: 1004,
  }),
  ...rows(vsx, XX1(60), { xsiexpdp: 918 }),
  ...rows(vsx, XX2, {
    xsrsqrtesp: 10, xssqrtsp: 11, xsresp: 26, xscvdpuxws: 72, xsrdpi: 73, xsrsqrtedp: 74, xssqrtdp: 75, xscvdpsxws: 88, xsrdpiz: 89,
    xsredp: 90, xsrdpip: 105, xstsqrtdp: 106, xsrdpic: 107, xsrdpim: 121, xvcvspuxws: 136, xvrspi: 137, xvrsqrtesp: 138, xvsqrtsp: 139,
    xvcvspsxws: 152, xvrspiz: 153, xvresp: 154, xxspltw: 164, xxextractuw: 165, xvcvuxwsp: 168, xvrspip: 169, xvtsqrtsp: 170, xvrspic: 171,
    xxinsertw: 181, xvcvsxwsp: 184, xvrspim: 185, xvcvdpuxws: 200, xvrdpi: 201, xvrsqrtedp: 202, xvsqrtdp: 203, xvcvdpsxws: 216,
    xvrdpiz: 217, xvredp: 218, xvcvuxwdp: 232, xvrdpip: 233, xvtsqrtdp: 234, xvrdpic: 235, xvcvsxwdp: 248, xvrdpim: 249, xscvdpsp: 265,
    xscvdpspn: 267, xsrsp: 281, xscvuxdsp: 296, xststdcsp: 298, xscvsxdsp: 312, xscvdpuxds: 328, xscvspdp: 329, xscvspdpn: 331,
    xscvdpsxds: 344, xsabsdp: 345, xscvuxddp: 360, xsnabsdp: 361, xststdcdp: 362, xscvsxddp: 376, xsnegdp: 377, xvcvspuxds: 392,
    xvcvdpsp: 393, xvcvspsxds: 408, xvabssp: 409, xvcvuxdsp: 424, xvnabssp: 425, xvcvsxdsp: 440, xvnegsp: 441, xvcvdpuxds: 456,
    xvcvspdp: 457, xvcvdpsxds: 472, xvabsdp: 473, xvcvuxddp: 488, xvnabsdp: 489, xvcvsxddp: 504, xvnegdp: 505,
  }),
  ...rows(vsx, within(XX2, 347), { xsxexpdp: 0, xsxsigdp: 1, xscvhpdp: 16, xscvdphp: 17 }),
  ...rows(vsx, within(XX2, 475), {
    xvxexpdp: 0, xvxsigdp: 1, xxbrh: 7, xvxexpsp: 8, xvxsigsp: 9, xxbrw: 15, xxbrd: 23, xvcvhpsp: 24, xvcvsphp: 25, xxbrq: 31,
  }),
  ...rows(vsx, XX2DC, { xvtstdcsp: 109, xvtstdcdp: 125 }),
  ...rows(vsx, XX3, {
    xsaddsp: 0, xsmaddasp: 1, xscmpeqdp: 3, xssubsp: 8, xsmaddmsp: 9, xscmpgtdp: 11, xsmulsp: 16, xsmsubasp: 17, xxmrghw: 18, xscmpgedp: 19,
    xsdivsp: 24, xsmsubmsp: 25, xxperm: 26, xsadddp: 32, xsmaddadp: 33, xscmpudp: 35, xssubdp: 40, xsmaddmdp: 41, xscmpodp: 43, xsmuldp: 48,
    xsmsubadp: 49, xxmrglw: 50, xsdivdp: 56, xsmsubmdp: 57, xxpermr: 58, xscmpexpdp: 59, xstdivdp: 61, xvaddsp: 64, xvmaddasp: 65,
    xvsubsp: 72, xvmaddmsp: 73, xvmulsp: 80, xvmsubasp: 81, xvdivsp: 88, xvmsubmsp: 89, xvtdivsp: 93, xvadddp: 96, xvmaddadp: 97,
    xvsubdp: 104, xvmaddmdp: 105, xvmuldp: 112, xvmsubadp: 113, xvdivdp: 120, xvmsubmdp: 121, xvtdivdp: 125, xsmaxcdp: 128, xsnmaddasp: 129,
    xxland: 130, xsmincdp: 136, xsnmaddmsp: 137, xxlandc: 138, xsmaxjdp: 144, xsnmsubasp: 145, xxlor: 146, xsminjdp: 152, xsnmsubmsp: 153,
    xxlxor: 154, xsmaxdp: 160, xsnmaddadp: 161, xxlnor: 162, xsmindp: 168, xsnmaddmdp: 169, xxlorc: 170, xscpsgndp: 176, xsnmsubadp: 177,
    xxlnand: 178, xsnmsubmdp: 185, xxleqv: 186, xvmaxsp: 192, xvnmaddasp: 193, xvminsp: 200, xvnmaddmsp: 201, xvcpsgnsp: 208,
    xvnmsubasp: 209, xviexpsp: 216, xvnmsubmsp: 217, xvmaxdp: 224, xvnmaddadp: 225, xvmindp: 232, xvnmaddmdp: 233, xvcpsgndp: 240,
    xvnmsubadp: 241, xviexpdp: 248, xvnmsubmdp: 249,
  }),
  ...rows(vsx, XX3Rc, { xvcmpeqsp: 67, xvcmpgtsp: 75, xvcmpgesp: 83, xvcmpeqdp: 99, xvcmpgtdp: 107, xvcmpgedp: 115 }),
  ...rows(vsx, XX3DM, { xxsldwi: 2, xxpermdi: 10 }),
  ...rows(vsx, XX4, { xxsel: 3 }),
  ...rows(vsx, X(63), { xscpsgnqp: 100, xscmpoqp: 132, xscmpexpqp: 164, xscmpuqp: 644, xststdcqp: 708, xsiexpqp: 868 }),
  ...rows(vsx, XO(63), {
    xsaddqp: 4, xsmulqp: 36, xsmaddqp: 388, xsmsubqp: 420, xsnmaddqp: 452, xsnmsubqp: 484, xssubqp: 516, xsdivqp: 548,
  }),
  ...rows(vsx, Z23(63), { xsrqpxp: 37 }),
  ...rows(vsx, Z23X(63), { xsrqpi: 5 }),
  ...rows(vsx, within(X(63), 804), { xsabsqp: 0, xsxexpqp: 2, xsnabsqp: 8, xsnegqp: 16, xsxsigqp: 18 }),
  ...rows(vsx, within(XO(63), 804), { xssqrtqp: 27 }),
  ...rows(vsx, within(X(63), 836), { xscvqpuwz: 1, xscvudqp: 2, xscvqpswz: 9, xscvsdqp: 10, xscvqpudz: 17, xscvdpqp: 22, xscvqpsdz: 25 }),
  ...rows(vsx, within(XO(63), 836), { xscvqpdp: 20 }),
  // By the number of the VSX register: 0 to 31 are the floating-point, 32 to 63 the vector registers. Book I, 7.1.
  ...rows(fpOrVec, XX1(31), { mfvsrd: 51, mfvsrwz: 115, mtvsrd: 179, mtvsrwa: 211, mtvsrwz: 243 }),
  ...rows(vsxOrVec, LXVX, { lxvx: 140 }),
  ...rows(vsxOrVec, XX1(31), {
    lxvl: 269, lxvll: 301, mfvsrld: 307, lxvwsx: 364, stxvx: 396, stxvl: 397, mtvsrws: 403, stxvll: 429, mtvsrdd: 435,
  }),
  ...rows(vsxOrVec, XX1(60), { xxspltib: 360 }),
  ...rows(vsxOrVec, DQ(61), { lxv: 1, stxv: 5 }),
  // Transactional memory. Book II, 5.5.
  ...rows(tm, X(31), { tcheck: 718 }),
  ...rows(tm, X1(31), {
    'tbegin.': 654, 'tend.': 686, 'tsr.': 750, 'tabortwc.': 782, 'tabortdc.': 814, 'tabortwci.': 846, 'tabortdci.': 878, 'tabort.': 910,
    'treclaim.': 942, 'trechkpt.': 1006,
  }),
]

const byPrimary: FacilityRow[][] = Array.from({ length: 64 }, () => [])
for (const r of facilityRows) byPrimary[r.match >>> 26]!.push(r)

/** The floating-point, vector, VSX or transactional instruction that the word is, and the facility it needs; null where it is none. */
export function facilityOf(word: number): { name: string; facility: Facility } | null {
  const r = byPrimary[word >>> 26]!.find(row => (word & row.mask) >>> 0 === row.match)
  if (!r) return null
  return { name: r.name, facility: r.upper && word & r.upper.bit ? r.upper.facility : r.facility }
}
