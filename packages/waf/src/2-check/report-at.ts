import type { SourcePosition } from '@gateward/kernel'

/** Takes one mistake of a statement. */
export type ReportAt = (position: SourcePosition, code: string, message: string, fix: string) => void
