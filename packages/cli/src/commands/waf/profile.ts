import { tryRequest } from '@gateward/gateway'
import {
  readSampleSets,
  readRawRequest,
  type RawRequestReading,
  type RuleCost,
  type Waf,
} from '@gateward/waf'
import { InvalidArgumentError, type Command } from 'commander'
import { exitCode } from '../../exit-code.ts'
import { nearby, table } from '../../output.ts'
import type { CommandContext } from '../../program.ts'
import { readRequestFiles } from '../../waf/read-request-files.ts'
import { loadRuleOptions, ruleOptions, type RuleOptions } from '../../waf/rule-options.ts'

interface ProfileOptions extends RuleOptions {
  readonly request?: string
  readonly rounds: number
  readonly top: number
  readonly json?: true
}

interface RuleProfile {
  readonly id: number
  /** Microseconds for one request. */
  readonly microseconds: number
  /** Part of what all rules cost, 0 to 1. */
  readonly share: number
  readonly runs: number
  readonly hits: number
  readonly place: string
}

/** `gateward waf profile`: which rules cost what. */
export function addProfile(waf: Command, { output, end }: CommandContext): void {
  ruleOptions(waf.command('profile'))
    .description('measure what each rule costs, over requests of yours or built-in samples')
    .option(
      '--request <path>',
      'a file with a raw HTTP request, or a folder of them (default: built-in samples)',
    )
    .option('--rounds <number>', 'how often each request is run', toCount, 20)
    .option('--top <number>', 'how many rules are shown', toCount, 20)
    .option('--json', 'every rule that cost something, as JSON')
    .action(async (options: ProfileOptions) => {
      const engine = await loadRuleOptions(options)
      const requests =
        options.request === undefined
          ? sampleRequests()
          : readRequestFiles(options.request).map(({ request }) => request)
      const { profiles, whole } = await profile(engine, requests, options.rounds)
      if (options.json === true)
        output.out(
          JSON.stringify({
            requests: requests.length,
            rounds: options.rounds,
            microseconds: whole,
            rules: profiles,
          }),
        )
      else output.out(tell(profiles.slice(0, options.top), requests.length, options.rounds, whole))
      end(exitCode.fine)
    })
}

async function profile(
  engine: Waf,
  requests: readonly RawRequestReading[],
  rounds: number,
): Promise<{ readonly profiles: readonly RuleProfile[]; readonly whole: number }> {
  await engine.warmUp()
  const started = performance.now()
  for (let round = 0; round < rounds; round++) for (const request of requests) tryRequest(engine, request)
  const runs = requests.length * rounds
  const whole = ((performance.now() - started) * 1_000) / runs
  const { waf, costs } = engine.profiled()
  await waf.warmUp()
  const before = new Map(costs().map((cost) => [cost, { ...cost }]))
  for (let round = 0; round < rounds; round++) for (const request of requests) tryRequest(waf, request)
  return { profiles: toProfiles(costs(), before, runs), whole }
}

function toProfiles(
  costs: readonly RuleCost[],
  before: ReadonlyMap<RuleCost, RuleCost>,
  requests: number,
): readonly RuleProfile[] {
  const spent = costs.map((cost) => {
    const { milliseconds = 0, runs = 0, hits = 0 } = before.get(cost) ?? {}
    return {
      cost,
      milliseconds: cost.milliseconds - milliseconds,
      runs: cost.runs - runs,
      hits: cost.hits - hits,
    }
  })
  const all = spent.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  return spent
    .filter(({ milliseconds }) => milliseconds > 0)
    .toSorted((left, right) => right.milliseconds - left.milliseconds)
    .map(({ cost, milliseconds, runs, hits }) => ({
      id: cost.id,
      microseconds: (milliseconds * 1_000) / requests,
      share: milliseconds / all,
      runs,
      hits,
      place: `${cost.position.file}:${cost.position.line}`,
    }))
}

function tell(profiles: readonly RuleProfile[], requests: number, rounds: number, whole: number): string {
  const rows = profiles.map(({ id, microseconds, share, runs, hits, place }) => [
    String(id),
    microseconds.toFixed(2),
    `${(share * 100).toFixed(1)} %`,
    runs.toLocaleString('en'),
    hits.toLocaleString('en'),
    nearby(place),
  ])
  return [
    `${requests.toLocaleString('en')} requests, each ${rounds} times · ${whole.toFixed(0)} µs a request without the measuring`,
    '',
    table([['rule', 'µs/request', 'share', 'runs', 'hits', 'where'], ...rows]),
  ].join('\n')
}

/** The built-in samples as fields of JSON bodies, some harmless ones beside each attack as in real requests. */
function sampleRequests(): readonly RawRequestReading[] {
  const sets = readSampleSets()
  const harmless = sets.find(({ kind }) => kind === 'harmless')?.values ?? []
  return sets
    .flatMap(({ values }) => values)
    .map((value, index) => {
      const others = [0, 1, 2, 3].map((step) => harmless[(index * 7 + step) % harmless.length] ?? '')
      const body = JSON.stringify({ value, others })
      const head = `POST /sample?page=${index} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: profile\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n`
      return readRawRequest(Buffer.from(head + body, 'latin1'))
    })
}

function toCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,6}$/.test(text) || count === 0)
    throw new InvalidArgumentError('Write a whole number from 1 on.')
  return count
}
