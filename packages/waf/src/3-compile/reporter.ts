import type { Diagnostic, SourcePosition } from '@gateward/kernel'
import type { Mistake } from '../1-parse/mistake.ts'

/** Takes the mistakes of one statement and gives them its place. */
export class Reporter {
  readonly position: SourcePosition
  readonly #diagnostics: Diagnostic[]

  constructor(position: SourcePosition, diagnostics: Diagnostic[]) {
    this.position = position
    this.#diagnostics = diagnostics
  }

  /** A mistake that stops the load; answers undefined, what a failed compilation gives. */
  refuse(code: string, message: string, fix: string): undefined {
    this.#diagnostics.push({ code, severity: 'error', message, fix, position: this.position })
  }

  warn(code: string, message: string, fix: string): void {
    this.#diagnostics.push({ code, severity: 'warning', message, fix, position: this.position })
  }

  /** A mistake in a text that stands within the statement. */
  readonly mistake = ({ code, message, fix = 'correct it', isHarmless }: Mistake): void => {
    if (isHarmless === true) this.warn(code, message, fix)
    else this.refuse(code, message, fix)
  }

  /** A mistake that a lower part found; a place of its own stays. */
  readonly report = (diagnostic: Diagnostic): void => {
    this.#diagnostics.push({ position: this.position, ...diagnostic })
  }
}
