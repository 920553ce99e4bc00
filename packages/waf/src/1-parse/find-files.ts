import { readdir } from 'node:fs/promises'
import { join, matchesGlob, parse, resolve } from 'node:path'

/** The most entries of directories that one pattern may look through. */
const mostEntries = 20_000

/** A pattern that was too wide to be followed to its end. */
export class PatternTooWide extends Error {
  override readonly name = 'PatternTooWide'
}

/**
 * The files that a path names, in the order of their names' bytes, which is the order rule sets count on. `*`, `?`
 * and `[…]` stand for parts of one name and never cross a slash; hidden files need their dot. A path without them
 * names itself, whether it is there or not.
 *
 * @throws PatternTooWide where more than 20,000 directory entries would have to be looked at.
 */
export async function findFiles(path: string, directory: string): Promise<readonly string[]> {
  const absolute = resolve(directory, path)
  if (!isPattern(absolute)) return [absolute]
  const { root } = parse(absolute)
  const segments = absolute.slice(root.length).split('/')
  let found: readonly string[] = [root]
  let looked = 0
  for (const segment of segments) {
    if (!isPattern(segment)) {
      found = found.map((parent) => join(parent, segment))
      continue
    }
    const matches: string[] = []
    for (const parent of found) {
      const names = await namesIn(parent)
      looked += names.length
      if (looked > mostEntries) throw new PatternTooWide(path)
      matches.push(...names.filter((name) => matchesSegment(name, segment)).map((name) => join(parent, name)))
    }
    found = matches
  }
  return found
}

/** Whether a path has wildcards. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path)
}

function matchesSegment(name: string, segment: string): boolean {
  return (!name.startsWith('.') || segment.startsWith('.')) && matchesGlob(name, segment)
}

/** What cannot be listed holds no file; that nothing was found is told by the caller. */
async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    const names = await readdir(directory)
    return names.sort(byBytes)
  } catch {
    return []
  }
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}
