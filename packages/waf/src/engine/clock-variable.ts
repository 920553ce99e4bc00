import type { Clock } from '@gateward/kernel'
import type { ByteString } from '../language/bytes.ts'

const readers: Readonly<Record<string, (now: Date) => string | number>> = {
  TIME: (now) => [now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join(':'),
  TIME_DAY: (now) => now.getDate(),
  TIME_EPOCH: (now) => Math.floor(now.getTime() / 1000),
  TIME_HOUR: (now) => now.getHours(),
  TIME_MIN: (now) => now.getMinutes(),
  TIME_MON: (now) => now.getMonth(),
  TIME_SEC: (now) => now.getSeconds(),
  TIME_WDAY: (now) => now.getDay(),
  TIME_YEAR: (now) => now.getFullYear(),
}

/**
 * The value of a variable that the clock decides; undefined for every other name. `DURATION` is in microseconds since the
 * transaction began, `TIME_…` in the machine's time zone, months from 0 as ModSecurity counts them.
 */
export function clockVariable(name: string, clock: Clock, started: number): ByteString | undefined {
  if (name === 'DURATION') return String(Math.round((clock.tick() - started) * 1000)) as ByteString
  if (!name.startsWith('TIME')) return undefined
  const reader = readers[name]
  return reader === undefined ? undefined : (String(reader(new Date(clock.now()))) as ByteString)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
