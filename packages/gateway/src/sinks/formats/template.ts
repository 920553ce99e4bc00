import type { RequestEvent } from '../../observe/events/event.ts'
import type { LineWriter } from '../../observe/line-writer.ts'
import { isHole, NumberHole, TextHole, type Hole } from './hole.ts'

/** Writes a text as a format writes texts: quoted, or escaped. */
export type TextWriter = (line: LineWriter, text: string) => void

/** A line of which all is written but its holes. */
export class Template {
  readonly #head: Uint8Array
  readonly #rest: readonly (readonly [hole: Hole, after: Uint8Array])[]
  readonly #writeText: TextWriter

  /** @param pieces texts, which are written as they are, and holes, in their order */
  constructor(pieces: readonly (string | Hole)[], writeText: TextWriter) {
    const texts = ['']
    for (const piece of pieces)
      if (isHole(piece)) texts.push('')
      else texts.push(`${texts.pop() ?? ''}${piece}`)
    const [head = new Uint8Array(), ...after] = texts.map((text) => Uint8Array.from(Buffer.from(text)))
    this.#head = head
    this.#rest = pieces.filter(isHole).map((hole, index) => [hole, after[index] ?? new Uint8Array()])
    this.#writeText = writeText
  }

  write(line: LineWriter, event: RequestEvent, uid: string): void {
    line.bytes(this.#head)
    for (const [hole, after] of this.#rest) {
      if (hole instanceof TextHole) this.#writeText(line, hole.of(event, uid))
      else if (hole instanceof NumberHole) writeNumber(line, hole.of(event))
      else line.text(hole.of(event))
      line.bytes(after)
    }
  }
}

function writeNumber(line: LineWriter, value: number): void {
  if (Number.isInteger(value)) line.integer(value)
  else line.ascii(String(value))
}
