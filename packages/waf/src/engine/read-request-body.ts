import { slotOf } from '../3-compile/variables.ts'
import { chooseBodyReader } from '../bodies/choose-body-reader.ts'
import type { BodyLimits } from '../bodies/body-limits.ts'
import type { ByteString } from '../language/bytes.ts'
import { bytesOf } from '../language/bytes.ts'
import type { TransactionState } from './transaction-state.ts'

const queryArguments = slotOf('ARGS_GET')

/**
 * Reads a request's body into variables with the processor chosen for it; answers what in it could not be read. REQUEST_BODY is
 * there for forms, and where a rule forced it.
 */
export function readRequestBody(
  body: Buffer,
  contentType: ByteString,
  state: TransactionState,
  limits: BodyLimits,
): string | undefined {
  const { variables, isRequestBodyForced } = state
  variables.set('REQUEST_BODY_LENGTH', String(body.byteLength) as ByteString)
  if (body.byteLength === 0) return undefined
  variables.body = body
  // A body that is forced into view and has no reader is read as a form, as ModSecurity 2 and Coraza read it.
  if (isRequestBodyForced && state.bodyProcessor === undefined)
    state.setBodyProcessor('URLENCODED' as ByteString)
  const { bodyProcessor } = state
  if (bodyProcessor === 'URLENCODED' || isRequestBodyForced) variables.set('REQUEST_BODY', bytesOf(body))
  const processor = bodyProcessor === undefined ? undefined : chooseBodyReader(contentType, bodyProcessor)
  const argumentsBefore = variables.entries(queryArguments).length
  const left = argumentsBefore === 0 ? limits : { ...limits, argumentsBefore }
  const reading = processor?.read(body, left, state.sink, contentType)
  return reading?.kind === 'failed' ? reading.error : undefined
}
