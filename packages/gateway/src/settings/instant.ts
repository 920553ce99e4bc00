import { z } from 'zod'

const error =
  'write a day, which means its beginning in UTC: 2027-03-01; or a moment with its offset: 2027-03-01T09:00:00Z'

/** A setting such as `2027-03-01` or `2027-03-01T09:00:00Z` (RFC 3339), read as milliseconds since the Unix epoch. */
export function instant() {
  return z
    .string()
    .refine((text) => toInstant(text) !== undefined, { error })
    .meta({ 'x-form': 'instant' })
    .transform((text) => toInstant(text) ?? 0)
}

// In whole seconds: header fields know nothing smaller, and whoever reads them must not come too early.
function toInstant(text: string): number | undefined {
  if (z.iso.date().safeParse(text).success) return Date.parse(`${text}T00:00:00Z`)
  return z.iso.datetime({ offset: true, precision: 0 }).safeParse(text).success ||
    z.iso.datetime({ offset: true, precision: -1 }).safeParse(text).success
    ? Date.parse(text)
    : undefined
}
