import { hash } from 'node:crypto'
import type { ByteString } from '../language/bytes.ts'

/** `t:md5`: the 16 bytes of the MD5 digest (RFC 1321), for lists of known digests; it secures nothing. */
export function md5(input: ByteString): ByteString {
  return hash('md5', Buffer.from(input, 'latin1'), 'latin1') as ByteString
}

/** `t:sha1`: the 20 bytes of the SHA-1 digest (RFC 3174), for lists of known digests and for sampling; it secures nothing. */
export function sha1(input: ByteString): ByteString {
  return hash('sha1', Buffer.from(input, 'latin1'), 'latin1') as ByteString
}
