import { chooseBodyReader } from '../../packages/waf/src/bodies/choose-body-reader.ts'
import { defaultBodyLimits } from '../../packages/waf/src/bodies/body-limits.ts'
import type { RegressionStage } from '../../packages/waf/src/engine/regression/read-suite.ts'
import type { ByteString } from '../../packages/waf/src/language/bytes.ts'

/** What of a stage decides how engines may differ about it. */
export interface StageFacts {
  /** Whether a value has more than one line. */
  readonly hasLines: boolean
  /** A `#` stands in the target. */
  readonly hasFragment: boolean
  /** A semicolon stands within the quotes of a cookie's value. */
  readonly hasQuotedCookie: boolean
  /** How its body reads; `undeclared` where no media type says how. */
  readonly body: 'none' | 'whole' | 'broken' | 'undeclared'
}

/** Reads the facts of one stage. */
export function readStageFacts(stage: RegressionStage): StageFacts {
  const cookies = valuesOf(stage, 'cookie').join(';')
  return {
    hasLines: hasLines(stage),
    hasFragment: stage.head.target.includes('#'),
    hasQuotedCookie: /="[^"]*;[^"]*"/.test(cookies),
    body: bodyOf(stage),
  }
}

function hasLines(stage: RegressionStage): boolean {
  const isForm = valuesOf(stage, 'content-type').some((type) => /urlencoded/i.test(type))
  const body = stage.body.toString('latin1')
  return /%0a/i.test(stage.head.target) || (isForm ? /%0a|\n/i : /\n|\\n/).test(body)
}

function bodyOf(stage: RegressionStage): StageFacts['body'] {
  if (stage.body.byteLength === 0) return 'none'
  const contentType = valuesOf(stage, 'content-type').join(', ') as ByteString
  const reader = chooseBodyReader(contentType)
  if (reader === undefined) return 'undeclared'
  const sink = { add() {}, set() {} }
  return reader.read(stage.body, defaultBodyLimits, sink, contentType).kind === 'failed' ? 'broken' : 'whole'
}

function valuesOf({ head }: RegressionStage, field: string): readonly string[] {
  return head.headers.flatMap(([name, value]) => (name.toLowerCase() === field ? [value] : []))
}
