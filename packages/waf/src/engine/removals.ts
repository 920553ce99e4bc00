import type { TargetExclusion } from '../3-compile/compiled-target.ts'
import type { FieldPolicy } from '../fields/field-policy.ts'

/** Which rules one transaction is not asked by, and which of their targets they shall not look at: by `ctl`, and by the host's policy. */
export class Removals {
  readonly #policy: FieldPolicy | undefined
  readonly #rules: ReadonlySet<number>[] = []
  /** Few, and each about many rules. */
  readonly #targets: { readonly ordinals: ReadonlySet<number>; readonly exclusion: TargetExclusion }[] = []

  constructor(policy: FieldPolicy | undefined) {
    this.#policy = policy
  }

  isRemoved(ordinal: number): boolean {
    if (this.#policy?.removed.has(ordinal) === true) return true
    for (const ordinals of this.#rules) if (ordinals.has(ordinal)) return true
    return false
  }

  /** What was taken out of a rule's targets. */
  exclusionsOf(ordinal: number): readonly TargetExclusion[] | undefined {
    const byPolicy = this.#policy?.exclusions.get(ordinal)
    if (this.#targets.length === 0) return byPolicy
    let byRules: TargetExclusion[] | undefined
    for (const { ordinals, exclusion } of this.#targets) {
      if (ordinals.has(ordinal)) (byRules ??= []).push(exclusion)
    }
    return byRules === undefined ? byPolicy : [...byRules, ...(byPolicy ?? [])]
  }

  removeRules(ordinals: ReadonlySet<number>): void {
    if (!this.#rules.includes(ordinals)) this.#rules.push(ordinals)
  }

  removeTarget(ordinals: ReadonlySet<number>, exclusion: TargetExclusion): void {
    const isThere = this.#targets.some(
      (there) => there.exclusion === exclusion && there.ordinals === ordinals,
    )
    if (!isThere) this.#targets.push({ ordinals, exclusion })
  }
}
