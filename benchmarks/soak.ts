import { request } from 'undici'
import { sendMany } from './load.ts'
import type { GatewayUnderTest } from './subjects.ts'

/** How much memory the gateway held, at even steps of a long run. */
export interface SoakResult {
  readonly requests: number
  readonly failed: number
  readonly residentMiB: readonly number[]
}

const steps = 10
const requestsPerStep = 100_000

/** Sends a million requests through all guards and asks the gateway ten times how much memory it holds. */
export async function soak(gateway: GatewayUnderTest): Promise<SoakResult> {
  const residentMiB = [await askResident(gateway)]
  let failed = 0
  for (let step = 0; step < steps; step++) {
    process.stderr.write(`soak: ${(step + 1) * requestsPerStep} requests\n`)
    failed += await sendMany(gateway.origin, gateway.shot, requestsPerStep)
    residentMiB.push(await askResident(gateway))
  }
  return { requests: steps * requestsPerStep, failed, residentMiB }
}

async function askResident(gateway: GatewayUnderTest): Promise<number> {
  const { body } = await request(`${gateway.admin}/metrics`, { dispatcher: gateway.dispatcher })
  const bytes = Number(/^gateward_process_resident_memory_bytes (\d+)/m.exec(await body.text())?.[1] ?? 0)
  return Math.round(bytes / 1_048_576)
}
