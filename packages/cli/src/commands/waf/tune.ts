import {
  exclusionOf,
  familiesOf,
  replaySamples,
  toExclusion,
  Tuner,
  type Proposal,
  type Replay,
  type Tuning,
} from '@gateward/gateway'
import { parseDuration } from '@gateward/kernel'
import { InvalidArgumentError, type Command } from 'commander'
import { existsSync } from 'node:fs'
import { defaultConfigurationFile } from '../data-options.ts'
import { UsageError } from '../../usage-error.ts'
import { exitCode } from '../../exit-code.ts'
import { plural } from '../../output.ts'
import { printable, printableCell } from '../../printable.ts'
import type { CommandContext } from '../../program.ts'
import { applyExclusions, type Applied } from '../../waf/apply-exclusions.ts'
import { openNamedRecords } from '../../waf/open-named-records.ts'
import { loadRuleOptions, ruleOptions, type RuleOptions } from '../../waf/rule-options.ts'

interface TuneOptions extends RuleOptions {
  readonly data?: string
  readonly since: number
  readonly top: number
  readonly apply?: readonly number[] | true
  readonly json?: true
}

interface MeasuredProposal {
  readonly proposal: Proposal
  /** `undefined`: no sample has a way to such a place. */
  readonly replay: Replay | undefined
}

/** `gateward waf tune`: the exclusions that would free what was refused, with what they would cost. */
export function addTune(waf: Command, { output, end }: CommandContext): void {
  ruleOptions(waf.command('tune'))
    .description('propose exclusions from what rules refused, or would have in shadow')
    .option('--since <duration>', 'how far back records are read, such as 7d', toDuration, 7 * 86_400_000)
    .option('--top <number>', 'how many proposals are made', toCount, 10)
    .option(
      '--apply [numbers]',
      'write the proposals of these numbers into the configuration, such as 1,3 (default: all that are shown)',
      toNumbers,
    )
    .option('--data <folder>', 'the data folder (default: as configured, else ./data)')
    .option('--json', 'the same as JSON')
    .action(async (options: TuneOptions) => {
      await using records = await openNamedRecords(options)
      const engine = await loadRuleOptions(options)
      const tuner = new Tuner(familiesOf(engine.describeRules()))
      for await (const record of records.read(Date.now() - options.since)) tuner.add(record)
      const tuning = tuner.finish()
      const shown = tuning.proposals.slice(0, options.top)
      if (shown.length > 0)
        output.err(`replaying attack samples against ${plural(shown.length, 'exclusion')} …`)
      const proposals: MeasuredProposal[] = []
      for (const proposal of shown)
        proposals.push({ proposal, replay: await replaySamples(engine, proposal) })
      const applied = options.apply === undefined ? undefined : await apply(options, shown, options.apply)
      if (options.json === true)
        output.out(JSON.stringify({ ...tuning, proposals: proposals.map(toFacts), applied }))
      else output.out([tell(tuning, proposals), ...tellApplied(applied, proposals.length)].join('\n'))
      end(proposals.length === 0 || applied !== undefined ? exitCode.fine : exitCode.invalid)
    })
}

/** Writes what was chosen into the configuration that the command was given, or that is here. */
async function apply(
  { config }: TuneOptions,
  proposals: readonly Proposal[],
  chosen: readonly number[] | true,
): Promise<Applied> {
  const file = config ?? defaultConfigurationFile
  if (!existsSync(file))
    throw new UsageError(`there is no configuration ${file} to write into`, 'Name it: --config FILE')
  const numbers = chosen === true ? proposals.map((_, index) => index + 1) : chosen
  const unknown = numbers.find((number) => proposals[number - 1] === undefined)
  if (unknown !== undefined)
    throw new UsageError(
      `there is no proposal ${unknown}`,
      proposals.length === 0 ? 'Nothing was proposed' : `There are 1 to ${proposals.length}`,
    )
  const exclusions = numbers.flatMap((number) => proposals[number - 1] ?? []).map(exclusionOf)
  return applyExclusions(file, exclusions, process.env)
}

function tellApplied(applied: Applied | undefined, proposed: number): readonly string[] {
  if (applied === undefined)
    return proposed === 0 ? [] : ['With --apply, or --apply 1,3 for some, they are written there.']
  const { file, former, added, diff } = applied
  if (former === undefined) return ['', `Nothing was written: ${file} has these exclusions already.`]
  return [
    '',
    diff,
    '',
    `${plural(added.length, 'exclusion')} written into ${file}; a running gateway takes it over with SIGHUP.`,
    `Undo: mv ${former} ${file}`,
  ]
}

function toFacts({ proposal, replay }: MeasuredProposal): object {
  return { ...proposal, replay }
}

function tell(tuning: Tuning, proposals: readonly MeasuredProposal[]): string {
  const { requests, wouldRefuse, refused, attacks } = tuning
  const parts = [
    plural(requests, 'request'),
    ...(refused > 0 ? [`${refused.toLocaleString('en')} refused`] : []),
    ...(wouldRefuse > 0 || refused === 0
      ? [`${wouldRefuse.toLocaleString('en')} would have been refused`]
      : []),
    `${attacks.toLocaleString('en')} look like attacks`,
  ]
  if (proposals.length === 0) return `${parts.join(' · ')}\nNothing to exclude.`
  const more = tuning.proposals.length - proposals.length
  return [
    parts.join(' · '),
    ...proposals.map((proposal, index) => tellProposal(proposal, index + 1)),
    '',
    ...(more > 0 ? [`… and ${more} more: --top ${tuning.proposals.length}`] : []),
    'Under guards.waf.exclusions, for those that are harmless:',
    ...proposals.map(({ proposal }) => `  ${toExclusion(proposal)}`),
  ].join('\n')
}

function tellProposal({ proposal, replay }: MeasuredProposal, number: number): string {
  const { method, operation, field, rules, requests, clients, message, frees } = proposal
  const where = `${printable(method)} ${operation}   ${printableCell(field)}   rules ${rules.join(', ')}`
  const whom = `${plural(requests, 'request')} from ${plural(clients, 'client')}   ${printableCell(message)}`
  return [
    '',
    `  ${String(number).padEnd(3)}${where}`,
    `     ${whom}`,
    `     exclude   frees ${frees.toLocaleString('en')}   ${tellReplay(replay)}`,
  ].join('\n')
}

function tellReplay(replay: Replay | undefined): string {
  if (replay === undefined) return 'what would still be caught there is not measured'
  const lost = Object.entries(replay.lost).map(([kind, count]) => `${count} ${kind}`)
  const no = lost.length === 0 ? '' : `   no longer: ${lost.join(', ')}`
  return `still caught there: ${replay.caughtThen} of ${replay.caughtNow} attack samples by other rules${no}`
}

function toDuration(text: string): number {
  const duration = parseDuration(text)
  if (duration === undefined || duration <= 0)
    throw new InvalidArgumentError('Write a duration such as 7d or 12h.')
  return duration
}

function toNumbers(text: string): readonly number[] {
  return text.split(',').map(toCount)
}

function toCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,4}$/.test(text) || count === 0)
    throw new InvalidArgumentError('Write a whole number from 1 on.')
  return count
}
