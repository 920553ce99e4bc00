import type { RegressionStage } from '../../packages/waf/src/engine/regression/read-suite.ts'
import type { NginxOutcome } from './ask-nginx.ts'
import type { RuleFacts } from './rule-facts.ts'
import type { StageFacts } from './stage-facts.ts'
import { readStageFacts } from './stage-facts.ts'

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
interface Odd extends StageFacts {
  readonly id: number
  readonly isOurs: boolean
  readonly facts: RuleFacts | undefined
  /** What nginx without rules makes of the stage, compared with what its client sent. */
  readonly alone: 'passes on' | 'changes' | 'answers'
}

const detectors = new Set(['detectsqli', 'detectxss'])

/** Why engines differ, each with what shows that it is the reason. The first that fits counts. */
const reasons: readonly { readonly because: string; fits: (odd: Odd) => boolean }[] = [
  {
    because: 'nginx answers by itself, also without rules: libmodsecurity sees no more than a part',
    fits: ({ alone }) => alone === 'answers',
  },
  {
    because: 'SQL and XSS are detected by grammar here, by fingerprints there',
    fits: ({ facts }) => detectors.has(facts?.operator ?? ''),
  },
  {
    because: 'nginx changes the message on its way, also without rules',
    fits: ({ alone }) => alone === 'changes',
  },
  {
    because:
      'at each line of a value `^` and `$` match in libmodsecurity, at its ends alone here and in ModSecurity 2',
    fits: ({ facts, isOurs, hasLines }) =>
      hasLines && (isOurs ? facts?.negatesAnchors : facts?.hasAnchors) === true,
  },
  {
    because: 'libmodsecurity logs the first rule of a chain of which not every rule matches',
    fits: ({ facts, isOurs }) => !isOurs && facts?.isChain === true,
  },
  {
    because:
      'libmodsecurity keeps the line end in some header lines of parts, at which an expression then fails',
    fits: ({ id, isOurs }) => !isOurs && id === 922110,
  },
  {
    because:
      'a body of no known type that rules force into view is a form here, as in ModSecurity 2 and Coraza, and no argument there',
    fits: ({ isOurs, body }) => isOurs && body === 'undeclared',
  },
  {
    because: 'what of a broken body fits no argument is one without a name here, and in none there',
    fits: ({ isOurs, body }) => isOurs && body === 'broken',
  },
  {
    because: 'of phrases that begin within one another the automaton of libmodsecurity loses some',
    fits: ({ facts, isOurs }) => isOurs && facts?.operator === 'pmfromfile',
  },
  {
    because: 'a fragment in a target stays with what is before it here, for services that read it so',
    fits: ({ isOurs, hasFragment }) => isOurs && hasFragment,
  },
  {
    because: 'a quoted cookie is read whole here too, semicolons and all',
    fits: ({ isOurs, hasQuotedCookie }) => isOurs && hasQuotedCookie,
  },
]

const byScore = 'scores follow from the differences above'

/** Compares what two engines logged of each stage. */
export function compareStages(
  stages: readonly RegressionStage[],
  ours: readonly (readonly number[])[],
  theirs: readonly NginxOutcome[],
  alone: readonly NginxOutcome[],
  facts: ReadonlyMap<number, RuleFacts>,
): Comparison {
  const counted = new Map<string, { stages: Set<string>; ids: Set<number> }>()
  const unexplained: Difference[] = []
  let equal = 0
  stages.forEach((stage, index) => {
    const outcome = theirs[index]
    if (outcome === undefined) return
    const about = { alone: aloneOf(stage, alone[index]), ...readStageFacts(stage) }
    const odds = oddsOf(new Set(ours[index]), outcome.ids, about, facts)
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
  ours: ReadonlySet<number>,
  theirs: ReadonlySet<number>,
  about: Pick<Odd, 'alone'> & StageFacts,
  facts: ReadonlyMap<number, RuleFacts>,
): readonly Odd[] {
  const toOdd = (id: number, isOurs: boolean): Odd => ({ id, isOurs, facts: facts.get(id), ...about })
  return [
    ...[...ours].filter((id) => !theirs.has(id)).map((id) => toOdd(id, true)),
    ...[...theirs].filter((id) => !ours.has(id)).map((id) => toOdd(id, false)),
  ]
}

/** A reason for every rule, or undefined where one has none. */
function explain(
  odds: readonly Odd[],
): readonly { readonly because: string; readonly id: number }[] | undefined {
  const scores = odds.filter(({ facts }) => facts?.isAboutScores === true)
  const others = odds.filter((odd) => !scores.includes(odd))
  const why = others.map((odd) => ({
    because: reasons.find(({ fits }) => fits(odd))?.because,
    id: odd.id,
  }))
  const known = why.flatMap(({ because, id }) => (because === undefined ? [] : [{ because, id }]))
  if (known.length < others.length || (others.length === 0 && scores.length > 0)) return undefined
  return [...known, ...scores.map(({ id }) => ({ because: byScore, id }))]
}

/** Whether nginx without rules hands the service what the client sent: its target, its fields and its body. */
function aloneOf({ head, body }: RegressionStage, outcome: NginxOutcome | undefined): Odd['alone'] {
  if (outcome?.passedOn === undefined) return 'answers'
  const sent = [head.method + ' ' + head.target, ...head.headers.map(fieldOf), body.toString('latin1')]
  const lines = outcome.passedOn.split('\n')
  return sent
    .join('\n')
    .split('\n')
    .every((line) => isOfProxy(line) || lines.includes(line))
    ? 'passes on'
    : 'changes'
}

function fieldOf([name, value]: readonly [string, string]): string {
  return `${name.toLowerCase()}: ${value}`
}

function isOfProxy(line: string): boolean {
  return /^(?:connection|content-length|host|transfer-encoding): /.test(line)
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
