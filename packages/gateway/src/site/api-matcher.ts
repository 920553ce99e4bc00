import type { PathEntry, StaticEntry } from './path-entry.ts'
import type { TemplateSegment } from './path-template.ts'
import { PathTrie } from './path-trie.ts'
import type { Match, Plan } from './site.ts'

/** Finds the plan for a request of one API. */
export interface ApiMatcher {
  readonly basePath: string
  /** The plans of declared operations; without a contract the one for everything. */
  readonly plans: readonly Plan[]
  /** @param path canonical, and within the base path */
  match(method: string, path: string): Match
}

/** A path of an API with its plans. */
export interface MatchedPath {
  readonly segments: readonly TemplateSegment[]
  readonly entry: PathEntry
}

/** The matcher of an API with a contract. */
export function createApiMatcher(
  basePath: string,
  paths: readonly MatchedPath[],
  notFound: Plan,
  plans: readonly Plan[] = [],
): ApiMatcher {
  const statics = new Map<string, StaticEntry>()
  const trie = new PathTrie<PathEntry>()
  for (const { segments, entry } of paths) {
    const text = staticPath(segments)
    if (text === undefined) trie.enter(segments, () => entry)
    else statics.set(basePath + text, entry.toMatches())
  }
  const nothing: Match = { plan: notFound, pathParameters: [] }
  return {
    basePath,
    plans,
    match(method, path) {
      // A path without variables goes before every one with some, so it needs no walk through the tree.
      const found = statics.get(path)
      if (found !== undefined) return found.matchFor(method)
      const pathParameters: string[] = []
      const entry = trie.find(path, basePath.length, pathParameters)
      if (entry === undefined || (path.includes('%') && isOther(path, entry))) return nothing
      return { plan: entry.planFor(method), pathParameters }
    },
  }

  /** Whether a router that undoes escapes before it compares would take the path for another one than `entry`. */
  function isOther(path: string, entry: PathEntry): boolean {
    const plain = path.replace(escapedDelimiter, decodeURIComponent)
    return plain !== path && (statics.has(plain) || trie.find(plain, basePath.length, []) !== entry)
  }
}

/**
 * The escapes of what a segment may also hold plain (RFC 3986 section 3.3). Some routers undo them before they compare,
 * so that `/jobs/7%3Acancel` is not the job `7:cancel` for them, but an operation that others must not use.
 */
const escapedDelimiter = /%(?:2[146-9A-C]|3[AD]|40)/g

/** The matcher of an API without a contract: one plan for every path and method. */
export function createOpenMatcher(basePath: string, plan: Plan): ApiMatcher {
  const match: Match = { plan, pathParameters: [] }
  return { basePath, plans: [plan], match: () => match }
}

function staticPath(segments: readonly TemplateSegment[]): string | undefined {
  let path = ''
  for (const segment of segments) {
    if (segment.kind !== 'static') return undefined
    path += `/${segment.text}`
  }
  return path
}
