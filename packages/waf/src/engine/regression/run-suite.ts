import { formatLogLine } from '../log-line.ts'
import type { Waf } from '../waf.ts'
import type { WafResponseHead } from '../request-head.ts'
import type { RegressionStage } from './read-suite.ts'

/** What an engine found in one stage. */
export interface StageOutcome {
  readonly stage: RegressionStage
  /** The rules that logged, in their order. */
  readonly ids: readonly number[]
  readonly isFine: boolean
}

/** Runs every stage through all phases of an engine. */
export function runSuite(waf: Waf, stages: readonly RegressionStage[]): readonly StageOutcome[] {
  return stages.map((stage) => runStage(waf, stage))
}

function runStage(waf: Waf, stage: RegressionStage): StageOutcome {
  const { head, body } = stage
  const transaction = waf.begin(head)
  transaction.requestHeaders()
  transaction.requestBody(body)
  const response = responseTo(stage)
  transaction.responseHeaders(response.head)
  transaction.responseBody(response.body)
  transaction.logging()
  const ids = transaction.matches.map(({ id }) => id)
  const context = { hostname: 'localhost', uri: head.target, id: head.id, clientAddress: head.clientAddress }
  const log = transaction.matches.map((match) => formatLogLine(match, context)).join('\n')
  return { stage, ids, isFine: fulfils(stage, ids, log) }
}

function fulfils(stage: RegressionStage, ids: readonly number[], log: string): boolean {
  return (
    stage.expectedIds.every((id) => ids.includes(id)) &&
    !stage.unexpectedIds.some((id) => ids.includes(id)) &&
    (stage.expected?.test(log) ?? true) &&
    !(stage.unexpected?.test(log) ?? false)
  )
}

/** What the suite's own backend answers: at `/reflect` what the body says as JSON, elsewhere nothing. */
export function responseTo({ target, body }: Pick<RegressionStage, 'target' | 'body'>): {
  readonly head: WafResponseHead
  readonly body: Buffer
} {
  const told = target === '/reflect' ? parseAnswer(body) : {}
  const headers = Object.entries(told.headers ?? {})
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const text = told.encodedBody === undefined ? (told.body ?? '') : Buffer.from(told.encodedBody, 'base64')
  return {
    head: {
      status: told.status ?? 200,
      protocol: 'HTTP/1.1',
      headers: hasType ? headers : [...headers, ['Content-Type', 'text/plain; charset=utf-8']],
    },
    body: typeof text === 'string' ? Buffer.from(text) : text,
  }
}

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly encodedBody?: string
}

function parseAnswer(body: Buffer): Answer {
  try {
    return JSON.parse(body.toString('utf8')) as Answer
  } catch {
    return {}
  }
}
