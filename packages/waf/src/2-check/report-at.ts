import type { Diagnostic, SourcePosition } from '@gateward/kernel'

/** Takes one mistake of a statement: an error, unless it is said to be less. */
export type ReportAt = (
  position: SourcePosition,
  code: string,
  message: string,
  fix: string,
  severity?: Diagnostic['severity'],
) => void
