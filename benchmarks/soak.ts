import { askReport, type Reporting } from './ask-report.ts'
import { sendMany } from './load.ts'
import type { GatewayUnderTest } from './subjects.ts'

/** How much memory the gateway held, at the start and at even steps of a long run; MiB. */
export interface SoakResult {
  readonly requests: number
  readonly failed: number
  readonly residentMiB: readonly number[]
  /** What is in use once the garbage is gone: what grows here is kept by somebody. */
  readonly heapMiB: readonly number[]
  readonly externalMiB: readonly number[]
}

const steps = 10
const requestsPerStep = 100_000

/** Sends a million requests through all guards but the WAF, and asks the gateway ten times how much memory it holds. */
export async function soak(gateway: GatewayUnderTest): Promise<SoakResult> {
  let failed = await sendMany(gateway.origin, gateway.shot, 1_000)
  const found = [await askMemory(gateway)]
  for (let step = 0; step < steps; step++) {
    process.stderr.write(`soak: ${(step + 1) * requestsPerStep} requests\n`)
    failed += await sendMany(gateway.origin, gateway.shot, requestsPerStep)
    found.push(await askMemory(gateway))
  }
  return {
    requests: steps * requestsPerStep,
    failed,
    residentMiB: found.map(({ rss }) => toMiB(rss)),
    heapMiB: found.map(({ heapUsed }) => toMiB(heapUsed)),
    externalMiB: found.map(({ external }) => toMiB(external)),
  }
}

/** What a gateway says of its memory after it has collected its garbage. */
export async function askMemory(gateway: Reporting): Promise<NodeJS.MemoryUsage> {
  return (await askReport(gateway)).memory
}

/** Bytes as whole MiB. */
export function toMiB(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}
