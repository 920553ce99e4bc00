/** What one guard said in one exchange, in the order of the pipeline. */
export interface TrailEntry {
  readonly guard: string
  readonly phase: 'request' | 'request-body' | 'response' | 'response-body'
  readonly verdict: 'pass' | 'refuse' | 'answer' | 'fault'
  /** In `shadow` a refusal is recorded and not carried out. */
  readonly mode: 'shadow' | 'enforce'
  /** What the guard had to say, such as `58/60` or `orders:write`; never a secret. */
  readonly note: string | undefined
  /** The problem code where the verdict was a refusal, the fault code where it broke. */
  readonly code: string | undefined
  /** Milliseconds with a fraction. */
  readonly elapsed: number
}
