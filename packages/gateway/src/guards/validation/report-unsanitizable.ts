import type { Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'

/** Tells where a contract asks for sanitizing in a media type that cannot be written anew: only JSON can. */
export function reportUnsanitizable(operation: Operation, report: (diagnostic: Diagnostic) => void): void {
  for (const mediaType of operation.requestBody?.mediaTypes ?? []) {
    const schema = operation.requestBody?.match(mediaType)
    if (schema === undefined || !schema.sanitizes || schema.format === 'json') continue
    report({
      code: 'sanitize-not-json',
      severity: 'error',
      message: `operation ${operation.id} declares sanitize in ${mediaType}; only JSON can be written anew`,
      fix: 'declare a pattern instead, or take application/json',
      position: operation.position,
    })
  }
}
