import type { ByteString } from '../language/bytes.ts'
import type { BodyLimits } from './body-limits.ts'
import type { BodySink } from './body-sink.ts'
import type { MultipartFlag } from './multipart/multipart-flags.ts'

/**
 * How a reading ended. A failed one has still put all it could read into the sink, and for JSON, XML and GraphQL the
 * whole text besides: a backend more lenient than this reader must not see what no rule has seen.
 */
export type BodyReading =
  | { readonly kind: 'read' }
  | {
      readonly kind: 'failed'
      /** For `REQBODY_ERROR_MSG`: what and where, quoting nothing of the body. */
      readonly error: string
      /** The `MULTIPART_…` variables that are now 1 because of it. */
      readonly flags: readonly MultipartFlag[]
    }

/**
 * Reads one whole body into collections. Total on any bytes, in time linear in them.
 *
 * @param contentType the value of the `Content-Type` field, empty where there was none
 */
export type BodyReader = (
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
) => BodyReading

const read: BodyReading = { kind: 'read' }

/** The reading that `error` ended, or the one that nothing ended. */
export function readingOf(error: string | undefined, flags: readonly MultipartFlag[] = []): BodyReading {
  return error === undefined ? read : { kind: 'failed', error, flags }
}
