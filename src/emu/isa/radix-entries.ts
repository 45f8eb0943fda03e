/** Entries of radix tables, each a big-endian doubleword in guest storage. Power ISA 3.0B, Book III, 5.7.6 and 5.7.10. */
import { bit, bitField, field } from './bitfields.ts'

/** First doubleword of a process table entry. */
// biome-ignore format: a table
export const PROCESS_ENTRY = bitField('process table entry', 64, [
  field('RTS1',  1,  2, 'Size of the radix tree, upper part: RTS1 ‖ RTS2 and 31 more are the bits of an address that it translates.'),
  field('RPDB',  4, 55, 'Address of the root page directory, without its low 8 bits.'),
  field('RTS2', 56, 58, 'Size of the radix tree, lower part.'),
  field('RPDS', 59, 63, 'Size of the root page directory: it has 2 to this power entries.'),
])

/** An entry that leads to the next level. */
// biome-ignore format: a table
export const DIRECTORY_ENTRY = bitField('page directory entry', 64, [
  bit(  'V',    0,     'The entry is valid.'),
  bit(  'L',    1,     '0: it leads to another level.'),
  field('NLB',  4, 55, 'Address of the next level, without its low 8 bits.'),
  field('NLS', 59, 63, 'Size of the next level: it has 2 to this power entries.'),
])

/** An entry that ends the walk. */
// biome-ignore format: a table
export const PAGE_ENTRY = bitField('page table entry', 64, [
  bit(  'V',     0,     'The entry is valid.'),
  bit(  'L',     1,     '1: a leaf; the walk ends here.'),
  bit(  'SW0',   2,     'For software.'),
  field('RPN',   7, 51, 'Real page number: the address of the page, without its low 12 bits.'),
  field('SW1',  52, 54, 'For software.'),
  bit(  'R',    55,     'Referenced: the page has been accessed.'),
  bit(  'C',    56,     'Changed: the page has been stored to.'),
  field('ATT',  58, 59, 'Attributes: 0 normal, 1 strong access order, 2 non-idempotent I/O (guarded), 3 tolerant I/O.'),
  bit(  'PRIV', 60,     'Privileged: problem state may not access the page.'),
  bit(  'READ', 61,     'Loads are permitted.'),
  bit(  'WRITE', 62,    'Loads and stores are permitted.'),
  bit(  'EXEC', 63,     'Fetches are permitted.'),
])
