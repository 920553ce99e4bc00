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

const changingCase = new Set(['lowercase', 'uppercase', 'cmdLine'].map(findTransformation))

/** What a chain of transformations does to texts that are made of these bytes alone. */
export function chainReach(chain: ChainNode, alphabet: ByteClass): ChainReach {
  const steps = pathTo(chain).flatMap(({ transformation }) => transformation ?? [])
  const isMore = steps.some((step) => {
    const bytes = reaches.get(step)
    return bytes === undefined || bytes.intersects(alphabet.words)
  })
  if (isMore) return 'more'
  return steps.some((step) => changingCase.has(step)) ? 'case' : 'nothing'
}
