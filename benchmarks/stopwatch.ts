/**
 * Adds up how long named parts take within a short turn of exchanges. Of all turns the first decile counts: those in which
 * no other program took the processor and no garbage was collected. What reading the clock costs is taken off.
 */
export class Stopwatch {
  readonly #sums = new Map<string, { milliseconds: number; calls: number }>()
  readonly #turns = new Map<string, number[]>()
  readonly #cost = costOfReading()

  time<Value>(name: string, run: () => Value): Value {
    const started = performance.now()
    const value = run()
    const elapsed = performance.now() - started
    const sum = this.#sums.get(name)
    if (sum === undefined) this.#sums.set(name, { milliseconds: elapsed, calls: 1 })
    else {
      sum.milliseconds += elapsed
      sum.calls++
    }
    return value
  }

  endTurn(): void {
    for (const [name, { milliseconds, calls }] of this.#sums) {
      const microseconds = Math.max(0, (milliseconds / calls - this.#cost) * 1_000)
      const turns = this.#turns.get(name)
      if (turns === undefined) this.#turns.set(name, [microseconds])
      else turns.push(microseconds)
    }
    this.#sums.clear()
  }

  /** Forgets every turn: they were a warming up. */
  reset(): void {
    this.#turns.clear()
  }

  /** Microseconds a call of each part, in the order in which they were first timed. */
  results(): ReadonlyMap<string, number> {
    return new Map([...this.#turns].map(([name, turns]) => [name, firstDecile(turns)]))
  }
}

/** The value that a tenth of the values is below; 0 where there is none. */
export function firstDecile(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 10)] ?? 0
}

// Between the two readings lies about one reading's cost.
function costOfReading(): number {
  const rounds = 200_000
  const started = performance.now()
  for (let round = 0; round < rounds; round++) performance.now()
  return (performance.now() - started) / rounds
}
