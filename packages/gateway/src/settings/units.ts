import { parseDuration, parseSize } from '@gateward/kernel'
import { z } from 'zod'

/** A setting such as `30s`, read as milliseconds. */
export function duration(byDefault: string) {
  return durationText().default(byDefault).transform(toMilliseconds)
}

/** As `duration`, without a default. */
export function givenDuration() {
  return durationText().transform(toMilliseconds)
}

function durationText() {
  return z
    .string()
    .refine((text) => parseDuration(text) !== undefined, {
      error: 'a duration needs a number and a unit: 250ms, 30s, 5m, 12h or 7d',
    })
    .meta({ 'x-form': 'duration' })
}

function toMilliseconds(text: string): number {
  return parseDuration(text) ?? 0
}

/** A setting such as `16KB` (powers of 1024), read as bytes. */
export function size(byDefault: string) {
  return z
    .string()
    .refine((text) => parseSize(text) !== undefined, {
      error: 'a size needs a whole number and a unit: 512B, 16KB, 1MB or 2GB',
    })
    .meta({ 'x-form': 'size' })
    .default(byDefault)
    .transform((text) => parseSize(text) ?? 0)
}
