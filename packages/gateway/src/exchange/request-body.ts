import type { Readable } from 'node:stream'
import type { Problem } from '@gateward/kernel'

/** A request's body before anyone has read it; it is read once, either as a stream or whole. */
export interface RequestBodySource {
  /**
   * The body as it comes, still in its `Content-Encoding`, for what is forwarded unread. It ends where the message ends
   * and fails (an `error` event) where the message breaks off, so that half a body is never taken for a whole one.
   */
  readonly stream: Readable
  /**
   * Reads the body whole and decodes its `Content-Encoding`; `done` is called exactly once, `bytes` empty with an error.
   * PAYLOAD_TOO_LARGE above `max` bytes (also of the decoded body), REQUEST_TIMEOUT after `deadlineMs`,
   * UNSUPPORTED_MEDIA_TYPE for an unknown coding, MALFORMED_BODY where it cannot be decoded, BAD_REQUEST where it breaks off.
   */
  readWhole(max: number, deadlineMs: number, done: (error: Problem | undefined, bytes: Buffer) => void): void
}
