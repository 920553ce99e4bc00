import type { RegressionStage } from '../../packages/waf/src/engine/regression/read-suite.ts'
import type { ModSecurityOutcome } from './ask-modsecurity.ts'
import type { RuleFacts } from './rule-facts.ts'

/** How two engines compare over all stages. */
export interface Comparison {
  readonly stages: number
  /** Both logged the very same rules. */
  readonly equal: number
  /** They did not, and a reason is known for every rule that only one of them logged. */
  readonly explained: number
  readonly reasons: readonly {
    readonly because: string
    readonly stages: number
    readonly ids: readonly number[]
  }[]
  readonly unexplained: readonly Difference[]
}

interface Difference {
  readonly title: string
  readonly onlyOurs: readonly number[]
  readonly onlyTheirs: readonly number[]
}

/** One rule that only one of the engines logged, and in which stage. */
interface Odd {
  readonly id: number
  readonly isOurs: boolean
  readonly facts: RuleFacts | undefined
  readonly stage: RegressionStage
  readonly theirs: ModSecurityOutcome
}

const detectors = new Set(['detectsqli', 'detectxss'])

/** Why engines differ, each with what shows that it is the reason. The first that fits counts. */
const reasons: readonly { readonly because: string; fits: (odd: Odd) => boolean }[] = [
  {
    because: 'nginx answers by itself, or changes the message, before rules see it',
    fits: ({ theirs }) => !theirs.reachedService,
  },
  {
    because: 'libmodsecurity logs nothing of a rule with `noauditlog`',
    fits: ({ facts, isOurs }) => isOurs && facts?.isUnaudited === true,
  },
  {
    because: 'SQL and XSS are detected by grammar here, by fingerprints there',
    fits: ({ facts }) => detectors.has(facts?.operator ?? ''),
  },
  {
    because:
      'REQUEST_BODY is there for every body in libmodsecurity, for forms alone in ModSecurity 2 and here',
    fits: ({ facts, isOurs, stage }) =>
      !isOurs && facts?.variables.has('REQUEST_BODY') === true && stage.body.length > 0 && !isForm(stage),
  },
  {
    because: 'libmodsecurity logs the first rule of a chain of which not every rule matches',
    fits: ({ facts, isOurs }) => !isOurs && facts?.isChain === true,
  },
]

const byScore = 'scores follow from the differences above'

/** Compares what two engines logged of each stage. */
export function compareStages(
  stages: readonly RegressionStage[],
  ours: readonly (readonly number[])[],
  theirs: readonly ModSecurityOutcome[],
  facts: ReadonlyMap<number, RuleFacts>,
): Comparison {
  const counted = new Map<string, { stages: Set<string>; ids: Set<number> }>()
  const unexplained: Difference[] = []
  let equal = 0
  stages.forEach((stage, index) => {
    const outcome = theirs[index]
    if (outcome === undefined) return
    const odds = oddsOf(stage, new Set(ours[index]), outcome, facts)
    if (odds.length === 0) equal += 1
    const why = explain(odds)
    if (why === undefined) unexplained.push(differenceOf(stage, odds))
    else for (const { because, id } of why) count(counted, because, stage.title, id)
  })
  return {
    stages: stages.length,
    equal,
    explained: stages.length - equal - unexplained.length,
    reasons: [...counted]
      .map(([because, { stages: titles, ids }]) => ({
        because,
        stages: titles.size,
        ids: [...ids].sort((left, right) => left - right),
      }))
      .sort((left, right) => right.stages - left.stages),
    unexplained,
  }
}

function oddsOf(
  stage: RegressionStage,
  ours: ReadonlySet<number>,
  theirs: ModSecurityOutcome,
  facts: ReadonlyMap<number, RuleFacts>,
): readonly Odd[] {
  const toOdd = (id: number, isOurs: boolean): Odd => ({ id, isOurs, facts: facts.get(id), stage, theirs })
  return [
    ...[...ours].filter((id) => !theirs.ids.has(id)).map((id) => toOdd(id, true)),
    ...[...theirs.ids].filter((id) => !ours.has(id)).map((id) => toOdd(id, false)),
  ]
}

/** A reason for every rule, or undefined where one has none. */
function explain(
  odds: readonly Odd[],
): readonly { readonly because: string; readonly id: number }[] | undefined {
  const scores = odds.filter(({ facts }) => facts?.isAboutScores === true && !facts.isUnaudited)
  const others = odds.filter((odd) => !scores.includes(odd))
  const why = others.map((odd) => ({
    because: reasons.find(({ fits }) => fits(odd))?.because,
    id: odd.id,
  }))
  const known = why.flatMap(({ because, id }) => (because === undefined ? [] : [{ because, id }]))
  if (known.length < others.length || (others.length === 0 && scores.length > 0)) return undefined
  return [...known, ...scores.map(({ id }) => ({ because: byScore, id }))]
}

function isForm({ head }: RegressionStage): boolean {
  const type = head.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return type.toLowerCase().startsWith('application/x-www-form-urlencoded')
}

function differenceOf({ title }: RegressionStage, odds: readonly Odd[]): Difference {
  const idsOf = (isOurs: boolean) => odds.filter((odd) => odd.isOurs === isOurs).map(({ id }) => id)
  return { title, onlyOurs: idsOf(true), onlyTheirs: idsOf(false) }
}

function count(
  counted: Map<string, { stages: Set<string>; ids: Set<number> }>,
  because: string,
  title: string,
  id: number,
): void {
  const known = counted.get(because) ?? { stages: new Set(), ids: new Set() }
  counted.set(because, known)
  known.stages.add(title)
  known.ids.add(id)
}
