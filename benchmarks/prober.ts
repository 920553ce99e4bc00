// The fast upstream and, in the same process, the load: one process, so that the two never wait for each other's turn on their
// core. Orders come from `probe.ts`, one at a time.
import type { Latencies, Order, Target } from './probe.ts'
import { startFastUpstream } from './fast-upstream.ts'
import { OpenLoad } from './open-load.ts'
import { startDisturbance } from './disturbance.ts'

startFastUpstream()

process.on('message', (order: Order) => {
  run(order).then(
    (found) => process.send?.(found),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})

/** What came of the slices of one target. */
interface Probed {
  readonly target: Target
  readonly load: OpenLoad
  readonly quiet: number[]
  readonly disturbed: number[]
  quietSlices: number
  slices: number
}

async function run(order: Order): Promise<readonly Latencies[]> {
  const all: Probed[] = []
  for (const target of order.targets) {
    const load = new OpenLoad(target.origin, order.shot)
    await load.open()
    all.push({ target, load, quiet: [], disturbed: [], quietSlices: 0, slices: 0 })
  }
  for (
    let slice = 0;
    slice < order.most && all.some(({ quietSlices }) => quietSlices < order.wanted);
    slice++
  )
    for (const probed of all) await measureSlice(probed, order)
  return all.map(summarise)
}

async function measureSlice(probed: Probed, { rate, milliseconds }: Order): Promise<void> {
  const { target, load } = probed
  // What a pause left cold is warm before it counts.
  await load.send(rate, milliseconds / 5)
  load.latencies.length = 0
  const isDisturbed = startDisturbance([target.pid, process.pid])
  const longestGap = await load.send(rate, milliseconds)
  const isQuiet = !isDisturbed() && longestGap < 1
  const into = isQuiet ? probed.quiet : probed.disturbed
  for (const latency of load.latencies) into.push(latency)
  probed.slices++
  if (isQuiet) probed.quietSlices++
}

function summarise({ load, quiet, disturbed, quietSlices, slices }: Probed): Latencies {
  load.close()
  const latencies = quietSlices === 0 ? disturbed : quiet
  latencies.sort((left, right) => left - right)
  const quantile = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: quantile(1),
    counted: latencies.length,
    quiet: quietSlices,
    slices,
    failed: load.failed,
  }
}
