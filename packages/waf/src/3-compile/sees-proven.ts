import type { CompiledOperator } from '../operators/operator.ts'
import type { CompiledTarget } from './compiled-target.ts'

/** Operators that compare numbers: lengths, counts and sizes, which a proof about content says nothing of. */
const numeric = new Set(['eq', 'ge', 'gt', 'le', 'lt', 'ne'])

/**
 * Whether a rule is asked about values that a contract proves harmless. Rules that look for content wherever it may stand pass
 * over them. One that names the field, says what values must be, or compares numbers knows what it asks, and is answered.
 */
export function seesProven(
  { keys, isCounted }: Pick<CompiledTarget, 'keys' | 'isCounted'>,
  { negated, operator }: { readonly negated: boolean; readonly operator: CompiledOperator },
): boolean {
  return keys.kind !== 'all' || isCounted || negated || numeric.has(operator.name)
}
