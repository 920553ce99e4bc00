import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { RegressionRequest, StageInput } from './build-request.ts'
import { buildRequest } from './build-request.ts'

/** One exchange of the Core Rule Set's regression suite, and what the log of it must hold. */
export interface RegressionStage extends RegressionRequest {
  /** `942100-4`; a stage after the first of its test adds `.2`. */
  readonly title: string
  readonly target: string
  readonly expectedIds: readonly number[]
  readonly unexpectedIds: readonly number[]
  readonly expected: RegExp | undefined
  readonly unexpected: RegExp | undefined
}

interface Stage {
  readonly input: StageInput
  readonly output: {
    readonly log_contains?: string
    readonly no_log_contains?: string
    readonly log?: {
      readonly expect_ids?: readonly number[]
      readonly no_expect_ids?: readonly number[]
      readonly match_regex?: string
      readonly no_match_regex?: string
    }
  }
}

interface TestFile {
  readonly rule_id?: number
  readonly tests?: readonly {
    readonly test_title?: string
    readonly test_id?: number
    readonly stages: readonly (Stage | { readonly stage: Stage })[]
  }[]
}

/**
 * Reads every stage of a folder of tests, in the form of CRS 3 or of CRS 4, that says what the log must or must not hold. Stages
 * about the answer's status alone are about the server in front of the engine, and left out.
 */
export function readSuite(folder: string): readonly RegressionStage[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .flatMap((name) => stagesOf(parse(readFileSync(join(folder, name), 'utf8')) as TestFile | null))
}

function stagesOf(file: TestFile | null): readonly RegressionStage[] {
  return (file?.tests ?? []).flatMap(({ test_title, test_id, stages }) => {
    const title = test_title ?? `${file?.rule_id}-${test_id}`
    return stages.flatMap((item, index) => {
      const stage = 'stage' in item ? item.stage : item
      return toStage(index === 0 ? title : `${title}.${index + 1}`, stage, test_title === undefined) ?? []
    })
  })
}

function toStage(title: string, { input, output }: Stage, isModern: boolean): RegressionStage | undefined {
  const { log } = output
  const expected = output.log_contains ?? log?.match_regex
  const unexpected = output.no_log_contains ?? log?.no_match_regex
  const expectedIds = log?.expect_ids ?? []
  const unexpectedIds = log?.no_expect_ids ?? []
  const isAboutLog = expected ?? unexpected ?? expectedIds[0] ?? unexpectedIds[0]
  if (isAboutLog === undefined) return undefined
  const request = buildRequest(input, isModern)
  return {
    title,
    ...request,
    target: request.head.target,
    expectedIds,
    unexpectedIds,
    expected: expected === undefined ? undefined : new RegExp(expected),
    unexpected: unexpected === undefined ? undefined : new RegExp(unexpected),
  }
}
