/** What one match works on; made once an expression and used again for every value. */
export interface MatchRun {
  text: string
  /** Begin and end of each group, -1 where it took no part. */
  readonly spans: Int32Array
  /** Which forks of the expression have failed at which places of the text; a bit each. */
  failed: Uint32Array
  /** The number of forks, each of which has a row of bits. */
  forks: number
  steps: number
  depth: number
  /** The limits were reached, so that a "no" is not known to be true. */
  exhausted: boolean
}

const stepLimit = 2_000_000
const depthLimit = 1_000
const failedBitLimit = 1 << 26

/** A run for an expression with so many capturing groups. */
export function createMatchRun(captures: number): MatchRun {
  return {
    text: '',
    spans: new Int32Array(2 * (captures + 1)),
    failed: new Uint32Array(1),
    forks: 0,
    steps: 0,
    depth: 0,
    exhausted: false,
  }
}

/** Begins a match on another text. */
export function resetRun(run: MatchRun, text: string): void {
  const bits = run.forks * (text.length + 1)
  run.text = text
  run.steps = 0
  run.depth = 0
  run.exhausted = bits > failedBitLimit
  const words = run.exhausted ? 1 : (bits >>> 5) + 1
  if (run.failed.length < words) run.failed = new Uint32Array(words)
  else run.failed.fill(0, 0, words)
}

/** Counts a step; false at the limit. */
export function mayStep(run: MatchRun): boolean {
  if (++run.steps > stepLimit) run.exhausted = true
  return !run.exhausted
}

/** Goes one call deeper, to be undone with `run.depth--`; false at the limit, which keeps the stack from overflowing. */
export function mayDescend(run: MatchRun): boolean {
  if (++run.depth > depthLimit) run.exhausted = true
  return mayStep(run)
}

/** Whether a fork is known to fail at a place. */
export function hasFailed(run: MatchRun, fork: number, at: number): boolean {
  const bit = fork * (run.text.length + 1) + at
  return (((run.failed[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1
}

/** Notes that a fork fails at a place. */
export function noteFailure(run: MatchRun, fork: number, at: number): void {
  const bit = fork * (run.text.length + 1) + at
  run.failed[bit >>> 5] = (run.failed[bit >>> 5] ?? 0) | (1 << (bit & 31))
}
