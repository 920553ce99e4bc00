import type { BodySchema, Violation } from '@gateward/openapi'

/** Asks a schema about a value that was read by its format: JSON lines one by one, everything else whole. */
export function schemaViolations(schema: BodySchema, value: unknown): readonly Violation[] {
  if (!schema.constrained) return none
  if (schema.format !== 'ndjson' || !Array.isArray(value)) return schema.validate(value)
  const violations: Violation[] = []
  for (const [index, line] of (value as readonly unknown[]).entries()) {
    for (const violation of schema.validate(line))
      violations.push({ ...violation, pointer: `/${index}${violation.pointer}` })
    if (violations.length >= enough) break
  }
  return violations
}

const none: readonly Violation[] = []

// A thousand bad lines are told by the first hundred.
const enough = 100
