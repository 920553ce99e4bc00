import type { Certificate } from '../certificate-source.ts'

/**
 * When a certificate is renewed: after two thirds of its life, and up to a twentieth of it later, so that many gateways
 * that started together do not ask together. Milliseconds since the Unix epoch.
 * @param chance from 0 to 1, drawn once for each certificate
 */
export function renewalTime({ notBefore, notAfter }: Certificate, chance: number): number {
  const life = notAfter - notBefore
  return notBefore + life * (2 / 3) + life * (chance / 20)
}

/**
 * How long to wait after so many failures in a row, milliseconds: five minutes, then twice as long each time up to six
 * hours. Authorities allow five failed proofs of a name an hour.
 */
export function retryDelay(failures: number): number {
  return Math.min(fiveMinutes * 2 ** Math.max(0, failures - 1), sixHours)
}

const fiveMinutes = 5 * 60_000
const sixHours = 6 * 3_600_000
