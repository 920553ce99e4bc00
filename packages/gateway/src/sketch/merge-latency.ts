import { LatencySketch } from './latency-sketch.ts'

/** Two latency sketches as one, in their stored form; `undefined` where neither is there. */
export function mergeLatency(
  left: Uint8Array | undefined,
  right: Uint8Array | undefined,
): Uint8Array | undefined {
  if (left === undefined) return right
  if (right === undefined) return left
  const merged = LatencySketch.fromBytes(left)
  merged.merge(LatencySketch.fromBytes(right))
  return merged.toBytes()
}
