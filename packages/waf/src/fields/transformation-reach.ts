import type { ChainNode } from '../3-compile/transformation-tree.ts'
import { pathTo } from '../3-compile/transformation-tree.ts'
import { ByteClass } from '../regex/byte-class.ts'
import { findTransformation } from '../transformations/find-transformation.ts'
import type { Transformation } from '../transformations/transformation.ts'

/** What a chain does to texts made of some bytes: nothing, nothing but the case of letters, or something else. */
export type ChainReach = 'nothing' | 'case' | 'more'

/** The bytes without which a transformation leaves a text as it is, but for the case of letters. */
const active: readonly (readonly [name: string, bytes: string])[] = [
  ['none', ''],
  ['lowercase', ''],
  ['uppercase', ''],
  ['percentDecode', '%'],
  ['urlDecode', '%+'],
  ['urlDecodeUni', '%+'],
  ['htmlEntityDecode', '&'],
  ['jsDecode', '\\'],
  ['escapeSeqDecode', '\\'],
  ['cssDecode', '\\'],
  ['removeNulls', '\0'],
  ['replaceNulls', '\0'],
  ['removeWhitespace', '\t\n\v\f\r \xa0'],
  ['compressWhitespace', '\t\n\v\f\r \xa0'],
  ['trim', '\t\n\v\f\r \xa0'],
  ['trimLeft', '\t\n\v\f\r \xa0'],
  ['trimRight', '\t\n\v\f\r \xa0'],
  ['replaceComments', '/*'],
  ['removeComments', '/*-#<'],
  ['removeCommentsChar', '/*-#<>'],
  ['normalizePath', '/\\.'],
  ['normalizePathWin', '/\\.'],
  ['cmdLine', '"\'\\^,;\t\r\n /('],
]

const reaches: ReadonlyMap<Transformation | undefined, ByteClass> = new Map([
  ...active.map(([name, bytes]): [Transformation | undefined, ByteClass] => [
    findTransformation(name),
    ByteClass.ofText(bytes),
  ]),
  [findTransformation('utf8toUnicode'), ByteClass.ofRanges([0x80, 0xff])],
])

/** Transformations that change a text only where all of these expressions match it. */
const conditional: ReadonlyMap<Transformation | undefined, readonly string[]> = new Map([
  [findTransformation('base64DecodeText'), ['[A-Z]', '[a-z]', '^[A-Za-z0-9+/_\\s-]{12,}={0,2}$']],
])

const changingCase = new Set(['lowercase', 'uppercase', 'cmdLine'].map(findTransformation))

/** What is known of some texts. */
export interface KnownTexts {
  /** The bytes that they are made of. */
  readonly alphabet: ByteClass
  /** Whether an expression may match one of them. */
  meets(source: string): boolean
}

/** What a chain of transformations does to some texts. */
export function chainReach(chain: ChainNode, texts: KnownTexts): ChainReach {
  const steps = pathTo(chain).flatMap(({ transformation }) => transformation ?? [])
  const isMore = steps.some((step) => {
    const needs = conditional.get(step)
    if (needs !== undefined) return needs.every((source) => texts.meets(source))
    const bytes = reaches.get(step)
    return bytes === undefined || bytes.intersects(texts.alphabet.words)
  })
  if (isMore) return 'more'
  return steps.some((step) => changingCase.has(step)) ? 'case' : 'nothing'
}
