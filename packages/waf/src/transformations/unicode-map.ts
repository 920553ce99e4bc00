import { fittedByte } from './best-fit.ts'

/** The byte that stands for a code point of the basic plane. */
export type UnicodeMap = (codePoint: number) => number

/**
 * Reads the file that `SecUnicodeMapFile` names: after a line that begins with the number of the code page, pairs `HHHH:HH`
 * up to the next empty line. What the page does not list keeps its best fit. Answers undefined where the file has no such page.
 */
export function readUnicodeMap(text: string, codePage: number): UnicodeMap | undefined {
  const lines = text.split(/\r?\n/)
  const start = lines.findIndex((line) => /^\d+ /.test(line) && Number.parseInt(line, 10) === codePage)
  if (start < 0) return undefined
  const table = Uint8Array.from({ length: 0x10000 }, (_, codePoint) => fittedByte(codePoint))
  for (const line of lines.slice(start + 1)) {
    if (line.trim() === '') break
    for (const pair of line.split(' ')) {
      const [codePoint, byte] = pair.split(':')
      if (codePoint === undefined || byte === undefined) continue
      table[Number.parseInt(codePoint, 16) & 0xffff] = Number.parseInt(byte, 16)
    }
  }
  return (codePoint) => table[codePoint] ?? 0
}
