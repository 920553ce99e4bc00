import type { ByteString } from '../../language/bytes.ts'

/** A document type declaration, skipped. */
export interface Doctype {
  /** What stands in quotes within it: names of files and hosts, texts of entities. */
  readonly literals: readonly ByteString[]
  /** Whether it declares anything, or names a DTD outside. */
  readonly isActive: boolean
  /** Behind its `>`, or -1 where it has none. */
  readonly end: number
}

/**
 * Finds the end of the `<!DOCTYPE` at `start` (XML 1.0 section 2.8) and follows nothing in it. One with an internal
 * subset or an external identifier is active: parsers that honour it read files, reach hosts and grow without end.
 */
export function readDoctype(text: ByteString, start: number): Doctype {
  const literals: ByteString[] = []
  let isActive = false
  let isInternal = false
  landmarks.lastIndex = start + '<!DOCTYPE'.length
  for (let match = landmarks.exec(text); match !== null; match = landmarks.exec(text)) {
    const [landmark] = match
    if (landmark === '>' && !isInternal) return { literals, isActive, end: landmarks.lastIndex }
    if (landmark === '[') isActive = isInternal = true
    else if (landmark === ']') isInternal = false
    else if (landmark !== '>') {
      const ending = landmark === '<!--' ? '-->' : landmark
      const end = text.indexOf(ending, landmarks.lastIndex)
      if (end === -1) break
      if (landmark !== '<!--') literals.push(text.slice(landmarks.lastIndex, end) as ByteString)
      isActive ||= landmark !== '<!--'
      landmarks.lastIndex = end + ending.length
    }
  }
  return { literals, isActive: true, end: -1 }
}

const landmarks = /<!--|["'>[\]]/g
