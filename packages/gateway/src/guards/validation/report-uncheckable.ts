import type { Diagnostic } from '@gateward/kernel'
import type { Operation } from '@gateward/openapi'

/** Tells what a contract asks for and this guard cannot do: to check XML by a schema, to sanitize what is not JSON. */
export function reportUncheckable(operation: Operation, report: (diagnostic: Diagnostic) => void): void {
  for (const mediaType of operation.requestBody?.mediaTypes ?? []) {
    const schema = operation.requestBody?.match(mediaType)
    if (schema === undefined) continue
    if (schema.format === 'xml' && schema.constrained) {
      report({
        code: 'xml-not-checked',
        severity: 'warning',
        message: `operation ${operation.id} takes ${mediaType}, whose schema cannot be checked`,
        fix: 'take application/json, or let the service check it',
        position: operation.position,
      })
    }
    if (schema.sanitizes && schema.format !== 'json') {
      report({
        code: 'sanitize-not-json',
        severity: 'error',
        message: `operation ${operation.id} declares sanitize in ${mediaType}; only JSON can be written anew`,
        fix: 'declare a pattern instead, or take application/json',
        position: operation.position,
      })
    }
  }
}
