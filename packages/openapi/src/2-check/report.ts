import type { Diagnostic, Severity } from '@gateward/kernel'
import type { LoadedDocument } from '../1-load/loaded-document.ts'

/** More mistakes than these help nobody; the last one then says how many there were. */
const maxDiagnostics = 1000

/** A mistake before its place is looked up: `pointer` names the place in the document. */
interface Mistake {
  readonly code: string
  readonly message: string
  readonly fix?: string | undefined
}

/** Collects the mistakes of a document with their places. */
export class Report {
  readonly #document: LoadedDocument
  readonly #diagnostics: Diagnostic[] = []
  #dropped = 0

  constructor(document: LoadedDocument) {
    this.#document = document
  }

  /** A mistake that keeps the document from being used. */
  error(pointer: string, mistake: Mistake): void {
    this.#add('error', pointer, mistake)
  }

  /** Something without effect, or whose effect may surprise. */
  warning(pointer: string, mistake: Mistake): void {
    this.#add('warning', pointer, mistake)
  }

  /** All that was reported, bounded; an error is never dropped for warnings. */
  finish(): readonly Diagnostic[] {
    if (this.#dropped === 0) return this.#diagnostics
    const message = `${this.#dropped} more mistakes are not listed`
    return [...this.#diagnostics, { code: 'more-mistakes', severity: 'warning', message }]
  }

  #add(severity: Severity, pointer: string, { code, message, fix }: Mistake): void {
    const full = this.#diagnostics.length >= maxDiagnostics * (severity === 'error' ? 2 : 1)
    if (full) {
      this.#dropped++
      return
    }
    const position = this.#document.positionOf(pointer)
    this.#diagnostics.push({ code, severity, message, ...(fix === undefined ? {} : { fix }), position })
  }
}
