import { z } from 'zod'

/** The address of a page, as it may stand between `<` and `>` in a `Link` field. */
export function webAddress() {
  return z
    .string()
    .regex(/^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x7e]{1,1000}$/, { error: 'write an https:// address' })
}
