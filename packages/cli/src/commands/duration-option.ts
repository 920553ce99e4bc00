import { parseDuration } from '@gateward/kernel'
import { InvalidArgumentError, Option } from 'commander'

/** An option that takes a duration such as `12h`, as milliseconds. */
export function durationOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(toDuration).default(toDuration(byDefault), byDefault)
}

function toDuration(text: string): number {
  const duration = parseDuration(text)
  if (duration === undefined) throw new InvalidArgumentError('Write a number and a unit: 12h, 90d.')
  return duration
}
