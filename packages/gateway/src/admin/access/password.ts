import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * Hashes and checks passwords with scrypt (RFC 7914): N = 2^15, r = 8, p = 3, 32 MiB and about 200 ms each, as the OWASP
 * Password Storage Cheat Sheet recommends. Two at a time, so that a flood of logins takes neither memory nor the other
 * requests' share of the machine.
 */
export class Passwords {
  readonly #waiting: (() => void)[] = []
  #running = 0
  #decoy: Promise<string> | undefined

  /** A new hash with a salt of its own: `scrypt$15$8$3$salt$hash`, base64url. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    const hash = await this.#derive(password, salt, standard)
    const { log2N, r, p } = standard
    return ['scrypt', log2N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
  }

  /** Whether a password belongs to a hash. Without a hash it takes as long and says no, so that time tells nothing. */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    this.#decoy ??= this.hash(randomBytes(16).toString('hex'))
    const kept = readHash(hash ?? (await this.#decoy))
    if (kept === undefined) return false
    const derived = await this.#derive(password, kept.salt, kept.cost)
    return timingSafeEqual(derived, kept.hash) && hash !== undefined
  }

  async #derive(password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> {
    await this.#enter()
    try {
      const N = 2 ** log2N
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
      // Composed alike, so that a password typed on another keyboard is the same (RFC 8265 section 4.2.1).
      scrypt(password.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
        error === null ? resolve(key) : reject(error),
      )
      return await promise
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  async #enter(): Promise<void> {
    if (this.#running >= mostAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running++
  }
}

interface Cost {
  readonly log2N: number
  readonly r: number
  readonly p: number
}

const standard: Cost = { log2N: 15, r: 8, p: 3 }
const mostAtOnce = 2

function readHash(text: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const match = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/.exec(text)
  if (match === null) return undefined
  const [log2N, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return {
    cost: { log2N, r, p },
    salt: Buffer.from(match[4] ?? '', 'base64url'),
    hash: Buffer.from(match[5] ?? '', 'base64url'),
  }
}
