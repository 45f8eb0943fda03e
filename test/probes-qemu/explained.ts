/** Why QEMU answers otherwise than our model of its stepping. Looked at one by one; a difference without a reason fails the command. */
export const explained: Readonly<Record<string, string>> = {
  '10b-reservation-interrupt':
    'QEMU drops the reservation at every interrupt and rfid, run free too; by Book II, 1.7.2.1 only a store, a store conditional or another reservation does.',
  '11-decrementer': 'The probe needs a machine whose time counts boundaries. QEMU’s time base goes by the host’s clock.',
  '11b-decrementer-srr1': 'The probe needs a machine whose time counts boundaries. QEMU’s time base goes by the host’s clock.',
  '11c-doorbell':
    'QEMU 7.2 does not implement the interrupt of a privileged doorbell: it ends by itself at a msgsndp whose doorbell is due.',
  '11d-performance-monitor':
    'QEMU 7.2 gives no Performance Monitor interrupt, run free too: its counters raise event-based branches alone.',
  '12-two-vcpus': 'On pseries the other vCPUs wait for RTAS start-cpu; the probe has them all begin at its entry.',
  '13e-ail-by-another': 'On pseries the other vCPUs wait for RTAS start-cpu; the probe has them all begin at its entry.',
  '17c-own-samples': 'QEMU’s Trace interrupt sets none of SRR1[33:36], SIAR and SDAR, run free too; Book III, 6.5.15 has them set.',
  '17d-rfid-not-traced': 'QEMU traces an rfid that is executed with MSR[SE]=1, run free too; Book III, 6.5.15 excludes it.',
  '17f-rfscv-not-traced': 'QEMU traces an rfscv that is executed with MSR[SE]=1, run free too; Book III, 6.5.15 excludes it.',
  '18-ciabr': 'QEMU 7.2 has no CIABR: H_SET_MODE does not know the resource and answers H_P2.',
  '18b-dawr': 'QEMU 7.2 has no DAWR: H_SET_MODE does not know the resource and answers H_P2.',
}
