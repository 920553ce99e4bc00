import { createSampler, type TraceSampler } from './exchange/trace-context.ts'
import type { OtlpSettings } from './otlp/settings.ts'

/** What decides which exchanges are traced; `undefined` where nobody is told of traces. */
export function openSampler({ endpoint, traces }: OtlpSettings): TraceSampler | undefined {
  return endpoint !== undefined && traces.enabled ? createSampler(traces) : undefined
}
