const context = 3

/**
 * The lines in which two texts differ, in the form of `diff -u`, where all of them stand together: what is the same at both ends is
 * left out but for a few lines. Empty where the texts are the same.
 */
export function diffLines(before: string, after: string, file: string): string {
  if (before === after) return ''
  const [old, fresh] = [linesOf(before), linesOf(after)]
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++
  let tail = 0
  while (tail < Math.min(old.length, fresh.length) - start && old.at(-1 - tail) === fresh.at(-1 - tail))
    tail++
  const from = Math.max(0, start - context)
  const following = old.slice(old.length - tail, old.length - tail + context)
  const removed = old.slice(start, old.length - tail)
  const added = fresh.slice(start, fresh.length - tail)
  const around = start - from + following.length
  return [
    `--- ${file}`,
    `+++ ${file}`,
    `@@ -${from + 1},${around + removed.length} +${from + 1},${around + added.length} @@`,
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...following.map((line) => ` ${line}`),
  ].join('\n')
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
