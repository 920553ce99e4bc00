import { countPauses, mostPauses, toPauses } from './brownouts.ts'
import type { PlanSettings } from './settings.ts'

/** A mistake in a plan: where, relative to the plan, what, and what to write instead. */
export interface PlanMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly fix: string
}

/** What is right setting by setting, and cannot be meant. */
export function checkPlan(plan: PlanSettings): readonly PlanMistake[] {
  return [...checkOrder(plan), ...checkBrownouts(plan), ...checkInsecure(plan), ...checkExceptions(plan)]
}

/** Stages begin in their order, so that `Sunset` is never earlier than `Deprecation` (RFC 9745 section 4). */
function checkOrder({ stages }: PlanSettings): readonly PlanMistake[] {
  const { deprecated, readOnly, retired } = stages
  const mistakes: PlanMistake[] = []
  const compare = (stage: string, at: number | undefined, before: string, from: number | undefined): void => {
    if (at === undefined || from === undefined || at >= from) return
    mistakes.push({
      path: ['stages', stage],
      message: `${stage} begins ${toText(at)}, before ${before}, which begins ${toText(from)}`,
      fix: `write a time of ${stage} that is not before ${toText(from)}`,
    })
  }
  compare('readOnly', readOnly, 'deprecated', deprecated)
  compare('retired', retired, readOnly === undefined ? 'deprecated' : 'readOnly', readOnly ?? deprecated)
  return mistakes
}

function checkBrownouts({ stages }: PlanSettings): readonly PlanMistake[] {
  const { brownouts, deprecated, retired } = stages
  const mistakes = brownouts.flatMap((brownout, nth): PlanMistake[] => {
    const path = ['stages', 'brownouts', nth]
    const { from, every, until, growTo } = brownout
    const mistake = (key: string, message: string, fix: string): PlanMistake[] => [
      { path: [...path, key], message, fix },
    ]
    if (from < deprecated)
      return mistake(
        'from',
        `a brownout begins ${toText(from)}, before anybody is told`,
        `begin it after ${toText(deprecated)}`,
      )
    if (until !== undefined && until <= from)
      return mistake('until', 'no brownout begins before until', 'write a time after from')
    if (every !== undefined && every <= Math.max(brownout.for, growTo ?? 0))
      return mistake(
        'every',
        'one brownout would go on into the next',
        'write a longer every, or a shorter for and growTo',
      )
    return []
  })
  if (mistakes.length > 0) return mistakes
  const count = brownouts.reduce((sum, each) => sum + countPauses(each), 0)
  if (count > mostPauses)
    return [
      {
        path: ['stages', 'brownouts'],
        message: `the brownouts are ${count}, and at most ${mostPauses} are kept`,
        fix: 'write a longer every',
      },
    ]
  const last = toPauses(brownouts).at(-1)
  if (last === undefined || retired === undefined || last.to <= retired) return []
  return [
    {
      path: ['stages', 'brownouts'],
      message: `the last brownout ends ${toText(last.to)}, after the version has retired (${toText(retired)})`,
      fix: 'let it end before',
    },
  ]
}

function checkInsecure({ insecure, finding, forced, stages }: PlanSettings): readonly PlanMistake[] {
  const mistakes: PlanMistake[] = []
  const add = (key: string, message: string, fix: string): void => {
    mistakes.push({ path: [key], message, fix })
  }
  if (insecure && finding === undefined)
    add(
      'insecure',
      'a version is insecure because of something that was found',
      'add finding: CVE-2027-12345, or the id of a finding',
    )
  if (!insecure && finding !== undefined)
    add('finding', 'a finding says that the version is not secure', 'add insecure: true')
  if (forced === undefined) return mistakes
  if (!insecure)
    add(
      'forced',
      'only a version that is insecure may end earlier than was announced',
      'add insecure: true and finding, or change stages',
    )
  for (const stage of ['readOnly', 'retired'] as const) {
    const at = forced[stage]
    const announced = stages[stage]
    if (at !== undefined && announced !== undefined && at >= announced)
      mistakes.push({
        path: ['forced', stage],
        message: `${stage} is forced for ${toText(at)}, which is not before ${toText(announced)} as announced`,
        fix: 'write an earlier time, or remove it',
      })
  }
  return mistakes
}

function checkExceptions({ exceptions, stages, forced }: PlanSettings): readonly PlanMistake[] {
  const refuses =
    stages.retired !== undefined ||
    stages.readOnly !== undefined ||
    stages.brownouts.length > 0 ||
    forced !== undefined
  const names = new Set<string>()
  return exceptions.flatMap(({ consumer }, nth): PlanMistake[] => {
    const path = ['exceptions', nth, 'consumer']
    if (!refuses)
      return [
        {
          path,
          message: 'nothing is ever refused, so there is nothing to except from',
          fix: 'remove the exception, or add a stage',
        },
      ]
    if (!names.has(consumer)) {
      names.add(consumer)
      return []
    }
    return [{ path, message: `there are two exceptions for ${consumer}`, fix: 'remove one of the two' }]
  })
}

function toText(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z')
}
