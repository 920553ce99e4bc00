import type { Contract } from '@gateward/openapi'
import type { DiscoveryCount } from '../store/discovery-store.ts'
import { detectors } from './detectors/detectors.ts'

/** A field of a contract that seems to carry personal data, and what would say so. */
export interface ClassProposal {
  readonly file: string
  readonly line: number
  /** Where in the document `x-data-class` is to be written. */
  readonly pointer: string
  readonly class: string
  readonly operations: readonly string[]
  /** Different values that were seen, and how many of them looked like the class. */
  readonly seen: number
  readonly found: number
  /** 0 to 1: how sure it is that the field carries the class. */
  readonly confidence: number
  /** The line for the contract. */
  readonly write: string
}

/** What is counted of one place, whichever operations it was seen in. */
interface Place {
  readonly file: string
  readonly line: number
  readonly pointer: string
  readonly operations: Set<string>
  readonly counts: Map<string, number>
}

/** From here on a proposal is shown unless somebody asks for less. */
export const defaultConfidence = 0.7

/** Proposes a class for each field that carries one undeclared with at least this confidence, the surest first. */
export function proposeClasses(
  contract: Pick<Contract, 'declaration'>,
  counts: readonly DiscoveryCount[],
  leastConfidence: number,
): readonly ClassProposal[] {
  return gather(contract, counts)
    .flatMap((place) => proposeFor(place))
    .filter(({ confidence }) => confidence >= leastConfidence)
    .toSorted(
      (left, right) =>
        right.confidence - left.confidence || left.file.localeCompare(right.file) || left.line - right.line,
    )
}

function gather(
  contract: Pick<Contract, 'declaration'>,
  counts: readonly DiscoveryCount[],
): readonly Place[] {
  const places = new Map<string, Place>()
  for (const { place, operation, detector, count } of counts) {
    const declaration = contract.declaration(place)
    // What the contract says or leaves out by now is no matter of what was counted before.
    if (declaration === undefined || declaration.classified) continue
    const { pointer, position } = declaration
    const known = places.get(pointer) ?? {
      file: position.file,
      line: position.line,
      pointer,
      operations: new Set(),
      counts: new Map(),
    }
    places.set(pointer, known)
    known.operations.add(operation)
    known.counts.set(detector, (known.counts.get(detector) ?? 0) + count)
  }
  return [...places.values()]
}

function proposeFor({ file, line, pointer, operations, counts }: Place): readonly ClassProposal[] {
  const seen = counts.get('') ?? 0
  const [best] = detectors
    .map(({ id, class: name, chance, share }) => {
      const found = counts.get(id) ?? 0
      const certainty = 1 - chance ** found
      return { name, found, confidence: seen === 0 ? 0 : Math.min(1, found / seen / share) * certainty }
    })
    .toSorted((left, right) => right.confidence - left.confidence)
  if (best === undefined || best.found === 0) return []
  return [
    {
      file,
      line,
      pointer,
      class: best.name,
      operations: [...operations].toSorted(),
      seen,
      found: best.found,
      confidence: Math.round(best.confidence * 100) / 100,
      write: `x-data-class: ${best.name}`,
    },
  ]
}
