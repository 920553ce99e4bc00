import { defineProblem, type Problem } from '@gateward/kernel'
import type { ReceivedRequest } from '../exchange/exchange.ts'
import { decodeBody, isContentCoding } from './content-coding.ts'

/** Called exactly once with a body, or with why there is none; `bytes` are empty then. */
export type BodyDone = (error: Problem | undefined, bytes: Buffer) => void

/**
 * Gives who is to be called with a request's body as it came, so that `done` gets it decoded. `undefined`: the head alone
 * says that it cannot be taken, and `done` has been told.
 * @param max bytes of the body, before and after its coding is taken off
 */
export function readCoded(request: ReceivedRequest, max: number, done: BodyDone): BodyDone | undefined {
  const coding = request.headers.getJoined('content-encoding')?.toLowerCase()
  const isCoded = coding !== undefined && coding !== 'identity'
  if (isCoded && !isContentCoding(coding)) done(unknownCoding, empty)
  else if ((request.contentLength ?? 0) > max) done(tooLarge, empty)
  else if (!isCoded) return done
  else
    return (error, bytes) => {
      if (error !== undefined || bytes.length === 0) done(error, bytes)
      else decodeBody(coding, bytes, max, done)
    }
  return undefined
}

export const tooLarge = defineProblem('PAYLOAD_TOO_LARGE', 'the body is larger than the operation accepts')
const unknownCoding = defineProblem(
  'UNSUPPORTED_MEDIA_TYPE',
  'the Content-Encoding is not one that can be taken off',
)
const empty = Buffer.alloc(0)
