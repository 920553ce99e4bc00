import type { KeyObject } from 'node:crypto'
import { readJsonWebKey, type SignatureAlgorithm, type VerificationKey } from './json-web-key.ts'

/** The usable keys of a set, found by algorithm and key id without a search. */
export interface KeyIndex {
  /** How many keys of the set can be used. */
  readonly size: number
  /** Why others of the set cannot be used, for the operator. */
  readonly notes: readonly string[]
  find(kid: string | undefined, algorithm: string): readonly KeyObject[]
  /** Whether any key has this id, whatever it is for. */
  knows(kid: string): boolean
}

/**
 * Reads a JSON Web Key Set (RFC 7517 section 5). Keys for other uses are left out. A set that publishes a private or
 * shared key is not read at all: whoever runs that issuer has lost control of its keys.
 *
 * @throws Error whose message says why there is no usable set
 */
export function readJsonWebKeySet(text: string): KeyIndex {
  const members = membersOf(text)
  const keys: VerificationKey[] = []
  const notes: string[] = []
  for (const [position, member] of members.entries()) {
    const reading = readJsonWebKey(member)
    if (reading.kind === 'secret')
      throw new Error(`key ${position + 1} must not be published: ${reading.reason}`)
    if (reading.kind === 'usable') keys.push(reading.key)
    else notes.push(`key ${position + 1} is left out: ${reading.reason}`)
  }
  if (keys.length === 0) throw new Error(['there is no usable key', ...notes].join('; '))
  return indexKeys(keys, notes)
}

function membersOf(text: string): readonly unknown[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new Error('it is not JSON')
  }
  const keys = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : undefined
  if (!Array.isArray(keys)) throw new Error('it has no array "keys"')
  if (keys.length > maximumKeys)
    throw new Error(`it has ${keys.length} keys; at most ${maximumKeys} are read`)
  return keys
}

const maximumKeys = 100

/** More keys than this that could all have signed are tried for no token: each try costs a verification. */
const maximumCandidates = 4

function indexKeys(keys: readonly VerificationKey[], notes: readonly string[]): KeyIndex {
  const byAlgorithm = new Map<string, AlgorithmKeys>()
  for (const key of keys) for (const algorithm of key.algorithms) file(byAlgorithm, algorithm, key)
  const ids = new Set(keys.map((key) => key.kid))
  return {
    size: keys.length,
    notes,
    knows: (kid) => ids.has(kid),
    find(kid, algorithm) {
      const filed = byAlgorithm.get(algorithm)
      if (filed === undefined) return none
      if (kid !== undefined) return filed.byKid.get(kid) ?? none
      return filed.all.length <= maximumCandidates ? filed.all : none
    },
  }
}

interface AlgorithmKeys {
  readonly all: KeyObject[]
  readonly byKid: Map<string, KeyObject[]>
}

const none: readonly KeyObject[] = []

// Keys that share an id and an algorithm are ambiguous, not wrong (RFC 7517 section 4.5): each is tried.
function file(
  byAlgorithm: Map<string, AlgorithmKeys>,
  algorithm: SignatureAlgorithm,
  key: VerificationKey,
): void {
  const filed = byAlgorithm.get(algorithm) ?? { all: [], byKid: new Map<string, KeyObject[]>() }
  byAlgorithm.set(algorithm, filed)
  filed.all.push(key.key)
  if (key.kid === undefined) return
  const same = filed.byKid.get(key.kid) ?? []
  if (same.length < maximumCandidates) filed.byKid.set(key.kid, [...same, key.key])
}
