import type { Detection, Detector } from '../detectors/detection.ts'
import { withNarrowCharacters } from '../detectors/plain-characters.ts'
import type { ByteString } from '../language/bytes.ts'
import type { MacroScope } from '../macros/macro.ts'

/** Looking up a value costs a pass over it, so that of shorter ones the detector knows nearly as soon. */
const longValue = 512

/** Most values of one transaction whose answers are kept. */
const mostKept = 64

/** Asks a detector once about each long value of a transaction: screens ask first, then the rule that takes the evidence. */
export class KnownDetections {
  readonly #detect: Detector
  /** By transaction, with which it goes. */
  readonly #known = new WeakMap<MacroScope, Map<ByteString, Detection | undefined>>()

  constructor(detect: Detector) {
    this.#detect = detect
  }

  detect(value: ByteString, scope: MacroScope): Detection | undefined {
    if (value.length < longValue) return this.#ask(value)
    let known = this.#known.get(scope)
    if (known === undefined) this.#known.set(scope, (known = new Map()))
    const answer = known.get(value)
    if (answer !== undefined || known.has(value)) return answer
    const detection = this.#ask(value)
    if (known.size < mostKept) known.set(value, detection)
    return detection
  }

  #ask(value: ByteString): Detection | undefined {
    return this.#detect(withNarrowCharacters(value) as ByteString)
  }
}
