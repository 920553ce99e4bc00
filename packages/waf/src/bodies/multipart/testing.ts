import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import type { KeepingSink } from '../testing.ts'
import { readWith } from '../testing.ts'
import { readMultipart } from './read-multipart.ts'

/** The `Content-Type` that `part` and `end` go with. */
export const type = 'multipart/form-data; boundary=B'

/** A header of the field `t`. */
export const title = 'Content-Disposition: form-data; name="t"'

/** A header of the file `f`. */
export const file = 'Content-Disposition: form-data; name="f"; filename="a.txt"'

/** The closing delimiter. */
export const end = '--B--\r\n'

/** One part with its delimiter. */
export function part(head: string, content: string): string {
  return `--B\r\n${head}\r\n\r\n${content}\r\n`
}

/** One multipart body, read. */
export function read(
  body: string | Uint8Array,
  contentType = type,
  limits: Partial<BodyLimits> = {},
): { readonly reading: BodyReading; readonly sink: KeepingSink } {
  return readWith(readMultipart, body, contentType, limits)
}
