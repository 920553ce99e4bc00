import { defineProblem, type Problem } from '@gateward/kernel'
import { readFormBody } from '../../exchange/form-body.ts'
import { isUtf8Charset, parseMediaType, type MediaType } from '../../exchange/media-type.ts'
import { readMultipart } from '../../exchange/multipart.ts'
import type { WholeBody } from '../../exchange/whole-body.ts'
import { pass, type Guard } from '../guard.ts'
import { findXmlFault } from './xml-fault.ts'
import type { FormBounds } from './read-body-value.ts'

/** For an API without a contract: a body of a type that parsers read must really be of it, in one reading only. */
export function wellFormedBodies(bounds: FormBounds): Guard {
  return {
    onRequestBody: (_exchange, body) => {
      const problem = findProblem(body, bounds)
      return problem === undefined ? pass : { kind: 'refuse', problem }
    },
  }
}

function findProblem(body: WholeBody, bounds: FormBounds): Problem | undefined {
  if (body.contentType === undefined) return undefined
  const mediaType = parseMediaType(body.contentType)
  if (mediaType === undefined) return defineProblem('UNSUPPORTED_MEDIA_TYPE', 'the Content-Type is malformed')
  const reading = read(body, mediaType, bounds)
  if (reading === undefined) return undefined
  if (!isUtf8Charset(mediaType)) return defineProblem('UNSUPPORTED_MEDIA_TYPE', 'the charset is not UTF-8')
  return reading === 'sound' ? undefined : defineProblem('MALFORMED_BODY', `body   ${reading.reason}`)
}

/** `undefined`: not a type that this guard reads. */
function read(
  body: WholeBody,
  { essence, parameters }: MediaType,
  bounds: FormBounds,
): 'sound' | { readonly reason: string } | undefined {
  if (/[/+]json$/.test(essence)) return orSound(body.json())
  if (essence === 'application/x-www-form-urlencoded')
    return orSound(readFormBody(body.toBytes(), bounds.maxFields))
  if (essence === 'multipart/form-data')
    return orSound(readMultipart(body.toBytes(), parameters.get('boundary'), bounds.maxParts))
  if (!/[/+]xml$/.test(essence)) return undefined
  const reason = findXmlFault(body.toBytes())
  return reason === undefined ? 'sound' : { reason }
}

function orSound(reading: { readonly kind: string; readonly reason?: string }): 'sound' | { reason: string } {
  return reading.kind === 'refused' ? { reason: reading.reason ?? '' } : 'sound'
}
