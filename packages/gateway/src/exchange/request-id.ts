import { randomFillSync } from 'node:crypto'

/**
 * Makes a request id in the form of a ULID: 26 characters of Crockford's base 32, ten of the time in milliseconds and
 * sixteen (80 bits) of a cryptographic random source, so that ids sort by time and cannot be guessed.
 * @param now milliseconds since the Unix epoch
 */
export function createRequestId(now: number): string {
  if (now !== prefixTime) setPrefix(now)
  if (position === poolLength) refill()
  const random = pool.slice(position, position + randomLength)
  position += randomLength
  return prefix + random
}

/** Whether an id that a trusted proxy sent may be taken over: 8 to 64 letters, digits, `_` and `-`. */
export function isRequestId(text: string): boolean {
  return wellFormed.test(text)
}

const wellFormed = /^[A-Za-z0-9_-]{8,64}$/
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const alphabetCodes = Buffer.from(alphabet)
const randomLength = 16
const poolLength = randomLength * 256

let prefixTime = -1
let prefix = ''
let pool = ''
let position = poolLength
const bytes = Buffer.alloc(poolLength)

function setPrefix(now: number): void {
  prefixTime = now
  prefix = ''
  let rest = Math.max(0, Math.trunc(now))
  for (let place = 0; place < 10; place++) {
    prefix = alphabet[rest % 32] + prefix
    rest = Math.floor(rest / 32)
  }
}

// One call for 256 ids: the random source costs a microsecond a call, a slice of its text next to nothing.
function refill(): void {
  randomFillSync(bytes)
  for (let place = 0; place < poolLength; place++)
    bytes[place] = alphabetCodes[(bytes[place] as number) & 31] as number
  pool = bytes.toString('latin1')
  position = 0
}
