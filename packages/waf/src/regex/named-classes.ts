import { ByteClass } from './byte-class.ts'

const digits = ByteClass.ofRanges([0x30, 0x39])
const lower = ByteClass.ofRanges([0x61, 0x7a])
const upper = ByteClass.ofRanges([0x41, 0x5a])
const letters = lower.union(upper)

/** `\w`: ASCII letters, digits and the underscore. */
export const wordBytes: ByteClass = letters.union(digits).union(ByteClass.ofText('_'))

/** `\s`: what PCRE takes for white space; JavaScript's also has U+00A0 and U+FEFF. */
const spaces = ByteClass.ofRanges([0x09, 0x0d], [0x20, 0x20])

/** `\R` and `\v`: what PCRE takes for the end of a line. */
export const lineEnds: ByteClass = ByteClass.ofRanges([0x0a, 0x0d], [0x85, 0x85])

/** `\h`: what PCRE takes for a blank. */
const blanks = ByteClass.ofText('\t \u00a0')

/** The classes that a backslash and a letter stand for. */
export const escapeClasses: ReadonlyMap<string, ByteClass> = new Map([
  ['d', digits],
  ['D', digits.complement()],
  ['w', wordBytes],
  ['W', wordBytes.complement()],
  ['s', spaces],
  ['S', spaces.complement()],
  ['h', blanks],
  ['H', blanks.complement()],
  ['v', lineEnds],
  ['V', lineEnds.complement()],
  ['N', ByteClass.ofText('\n').complement()],
])

/** The classes of POSIX, in the C locale: `[[:alpha:]]`. */
export const posixClasses: ReadonlyMap<string, ByteClass> = new Map([
  ['alnum', letters.union(digits)],
  ['alpha', letters],
  ['ascii', ByteClass.ofRanges([0, 0x7f])],
  ['blank', ByteClass.ofText('\t ')],
  ['cntrl', ByteClass.ofRanges([0, 0x1f], [0x7f, 0x7f])],
  ['digit', digits],
  ['graph', ByteClass.ofRanges([0x21, 0x7e])],
  ['lower', lower],
  ['print', ByteClass.ofRanges([0x20, 0x7e])],
  ['punct', ByteClass.ofRanges([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ['space', spaces],
  ['upper', upper],
  ['word', wordBytes],
  ['xdigit', digits.union(ByteClass.ofRanges([0x41, 0x46], [0x61, 0x66]))],
])
