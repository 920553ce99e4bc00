import type { LoadedDocument } from '../1-load/loaded-document.ts'
import type { Found } from '../grammar/walk.ts'
import type { Report } from './report.ts'

/** What a rule may look at besides its object. */
export interface CheckContext {
  readonly document: LoadedDocument
  readonly report: Report
  /** Every `operationId` met so far, with the pointer of its operation. */
  readonly operationIds: Map<string, string>
}

/** Checks one object of the specification and reports what is wrong with it. */
export type Rule = (found: Found, context: CheckContext) => void
