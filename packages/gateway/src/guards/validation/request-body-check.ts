import { defineProblem } from '@gateward/kernel'
import type { BodySchema, Operation, RequestBody, Violation } from '@gateward/openapi'
import type { Exchange } from '../../exchange/exchange.ts'
import { isUtf8Charset } from '../../exchange/media-type.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type Guard, type ItemVisitor, type Verdict } from '../guard.ts'
import { BodyTypes, type DeclaredBody } from './body-types.ts'
import { readBodyValue } from './read-body-value.ts'
import { schemaViolations } from './schema-violations.ts'
import type { ValidationSettings } from './settings.ts'
import { violationsProblem } from './violations-problem.ts'

interface RequestBodyCheck {
  /** Decides by the head alone: whether a body may come, must come, and in which media type. */
  readonly checkHead: (exchange: Exchange) => Verdict
  /** `undefined`: the operation takes no body. */
  readonly onRequestBody: Guard['onRequestBody']
  readonly onRequestItems: Guard['onRequestItems']
}

/** Compiles the check of an operation's request body. */
export function compileRequestBodyCheck(
  operation: Operation,
  settings: ValidationSettings,
): RequestBodyCheck {
  const { requestBody } = operation
  if (requestBody === undefined) {
    const refused = refuseBody('unknown', 'the operation declares no body', operation, settings)
    return {
      checkHead: ({ request }) => (request.hasBody ? refused : pass),
      onRequestBody: undefined,
      onRequestItems: undefined,
    }
  }
  const types = new BodyTypes((contentType) => requestBody.match(contentType))
  const missing = refuseBody('missing', 'the operation requires a body', operation, settings)
  return {
    checkHead: compileHeadCheck(requestBody, types, missing),
    onRequestBody: (_exchange, body) => {
      if (requestBody.required && body.toBytes().length === 0) return missing
      const declared = types.find(body.contentType ?? '')
      // The head was checked; in shadow mode it went on all the same.
      return declared === undefined ? pass : checkBody(body, declared, settings)
    },
    onRequestItems: (_exchange, item) => checkItems(item, settings),
  }
}

function compileHeadCheck(
  requestBody: RequestBody,
  types: BodyTypes,
  missing: Verdict,
): (exchange: Exchange) => Verdict {
  const unsupported = (reason: string): Verdict => ({
    kind: 'refuse',
    // RFC 9110 section 15.5.16: `Accept` says which types would have been taken.
    problem: defineProblem('UNSUPPORTED_MEDIA_TYPE', reason, {
      headers: [['accept', requestBody.mediaTypes.join(', ')]],
    }),
  })
  const untyped = unsupported('the body has no Content-Type')
  const twice: Verdict = {
    kind: 'refuse',
    problem: defineProblem('BAD_REQUEST', 'Content-Type comes twice'),
  }
  const undeclared = unsupported('the Content-Type is malformed, or not among those the operation declares')
  const foreignCharset = unsupported('the charset is not UTF-8')
  return ({ request }) => {
    if (!request.hasBody) return requestBody.required ? missing : pass
    const contentType = request.headers.get('content-type')
    if (contentType === undefined) return untyped
    if (request.headers.count('content-type') > 1) return twice
    const declared = types.find(contentType)
    if (declared === undefined) return undeclared
    return declared.schema.format === 'binary' || isUtf8Charset(declared.mediaType) ? pass : foreignCharset
  }
}

function checkBody(body: WholeBody, declared: DeclaredBody, settings: ValidationSettings): Verdict {
  const reading = readBodyValue(body, declared, settings)
  if (reading.kind === 'refused')
    return { kind: 'refuse', problem: defineProblem('MALFORMED_BODY', `body   ${reading.reason}`) }
  const { schema } = declared
  const { value, note } = sanitize(body, schema, reading.value, settings)
  const violations = checkValue(schema, value, reading.violations, settings)
  if (violations.length > 0) return { kind: 'refuse', problem: violationsProblem(violations, settings) }
  return note === undefined ? pass : { kind: 'pass', note }
}

/** Refuses the first item that does not keep the contract, under the pointer that it would have in a list of them all. */
function checkItems(item: BodySchema, settings: ValidationSettings): ItemVisitor {
  let number = 0
  return {
    visit: (value) => {
      const index = number++
      const violations = item.constrained ? withoutUnknown(item.validate(value), settings) : none
      if (violations.length === 0) return { kind: 'item', value }
      const placed = violations.map((each) => at(each, index))
      return { kind: 'refuse', problem: violationsProblem(placed, settings) }
    },
  }
}

function at(violation: Violation, index: number): Violation {
  return { ...violation, pointer: `/${index}${violation.pointer}` }
}

function checkValue(
  schema: BodySchema,
  value: unknown,
  unreadable: readonly Violation[],
  settings: ValidationSettings,
): readonly Violation[] {
  if (unreadable.length > 0) return unreadable
  return withoutUnknown(schemaViolations(schema, value), settings)
}

function withoutUnknown(
  violations: readonly Violation[],
  { unknownProperties }: ValidationSettings,
): readonly Violation[] {
  if (unknownProperties === 'refuse') return violations
  return violations.filter(({ keyword }) => keyword !== 'unknown')
}

const none: readonly Violation[] = []

interface Sanitized {
  readonly value: unknown
  readonly note: string | undefined
}

// Before the check, so that what is checked is what is forwarded; the note makes sure that it never happens silently.
function sanitize(
  body: WholeBody,
  schema: BodySchema,
  received: unknown,
  { mode }: ValidationSettings,
): Sanitized {
  if (!schema.sanitizes || schema.format !== 'json') return { value: received, note: undefined }
  // Shadow forwards what came: only a copy is changed.
  const value = mode === 'shadow' ? structuredClone(received) : received
  const changed = schema.sanitize(value)
  if (changed.length === 0) return { value, note: undefined }
  if (mode === 'enforce') body.replaceJson(value)
  const fields = changed.slice(0, 10).map(({ pointer, applied }) => `${pointer} (${applied.join(', ')})`)
  return { value, note: `${mode === 'enforce' ? 'sanitized' : 'would sanitize'} ${fields.join(', ')}` }
}

function refuseBody(
  keyword: 'unknown' | 'missing',
  message: string,
  operation: Operation,
  settings: ValidationSettings,
): Verdict {
  const violation: Violation = { in: 'body', pointer: '', keyword, message, position: operation.position }
  return { kind: 'refuse', problem: violationsProblem([violation], settings) }
}
