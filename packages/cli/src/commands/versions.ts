import { listVersions, type ListedVersion } from '@gateward/gateway'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { plural, table } from '../output.ts'
import { printable } from '../printable.ts'
import type { CommandContext } from '../program.ts'
import { defaultConfigurationFile } from './data-options.ts'
import { durationOption } from './duration-option.ts'

interface VersionsOptions {
  readonly config: string
  readonly within: number
  readonly limit: number
  readonly json?: true
}

/** `gateward versions`: how the versions of APIs stand, what comes next, and who still calls them. */
export function addVersions(program: Command, { output, end }: CommandContext): void {
  program
    .command('versions')
    .description('how the versions of APIs stand, what comes next, and who still calls them')
    .argument('[api]', 'an API, or one of its versions with all who call it: shop@v1')
    .option('-c, --config <file>', 'the configuration', defaultConfigurationFile)
    .addOption(
      durationOption('--within <duration>', 'how near a stage that refuses must be to need somebody', '14d'),
    )
    .addOption(new Option('--limit <number>', 'most consumers shown').argParser(toCount).default(50))
    .option('--json', 'the same as JSON')
    .action(async (api: string | undefined, { config, within, limit, json }: VersionsOptions) => {
      const versions = await listVersions({ configuration: { file: config, env: process.env }, api, within })
      const [only] = versions
      if (json === true) output.out(JSON.stringify(versions.map(({ facts }) => facts)))
      else if (only === undefined) output.out(noVersions)
      else if (api === only.api) output.out(tellOne(only, limit))
      else output.out(tellAll(versions))
      end(versions.some(({ concern }) => concern !== undefined) ? exitCode.invalid : exitCode.fine)
    })
}

const day = 86_400_000

const noVersions = `No API has versions. They stand in the configuration:
  apis: { shop: { versions: { in: [path], default: v2, offered: { v1: { plan: … }, v2: {} } } } }`

function tellAll(versions: readonly ListedVersion[]): string {
  const now = Date.now()
  const rows = versions.map((version) => [
    version.api,
    stageText(version),
    nextText(version, now),
    version.callers.consumers === 0 ? 'nobody' : `${version.callers.active} of ${version.callers.consumers}`,
    version.callers.lastSeen === undefined ? '-' : toMinute(version.callers.lastSeen),
  ])
  const concerns = versions.flatMap(({ api, concern }) =>
    concern === undefined ? [] : [`${api}: ${concern}`],
  )
  return [
    table([['VERSION', 'STAGE', 'NEXT', 'CALLED IT IN 7 DAYS', 'LAST CALL'], ...rows]),
    ...(concerns.length === 0
      ? []
      : [
          '',
          ...concerns,
          `Who they are:  gateward versions ${versions.find(({ concern }) => concern !== undefined)?.api}`,
        ]),
  ].join('\n')
}

function tellOne(version: ListedVersion, limit: number): string {
  const { api, plan, consumers, concern, callers } = version
  const facts = [
    `${api}  ${stageText(version)}`,
    ...(plan === undefined
      ? []
      : [`because ${printable(plan.reason)}${plan.finding === undefined ? '' : ` (${plan.finding})`}`]),
    ...(plan?.successor === undefined ? [] : [`successor ${plan.successor}; ${callers.moved} moved there`]),
    ...(concern === undefined ? [] : [concern]),
  ]
  const stages = (plan?.timeline.starts ?? []).map(({ stage, at }) => [
    at <= Date.now() ? '  x' : '   ',
    toMinute(at),
    stage === 'brownouts' ? `brownouts (${plural(plan?.timeline.pauses.length ?? 0, 'pause')})` : stage,
  ])
  const rows = consumers
    .slice(0, limit)
    .map(({ consumer, requests, refused, lastSeen, successorSeen, exceptionEnds }) => [
      printable(consumer),
      String(requests),
      String(refused),
      toMinute(lastSeen),
      successorSeen === undefined ? '-' : toMinute(successorSeen),
      exceptionEnds === undefined ? '' : `excepted until ${toMinute(exceptionEnds - 1).slice(0, 10)}`,
    ])
  return [
    ...facts,
    ...(stages.length === 0 ? [] : ['', table(stages)]),
    '',
    rows.length === 0
      ? 'Nobody has called it.'
      : table([['CONSUMER', 'REQUESTS', 'REFUSED', 'LAST CALL', 'SUCCESSOR', ''], ...rows]),
    ...(consumers.length > limit ? [`${consumers.length - limit} more: --limit ${consumers.length}`] : []),
  ].join('\n')
}

function stageText({ stage, since, isPaused, pause }: ListedVersion): string {
  if (isPaused && pause !== undefined) return `paused until ${toMinute(pause.to)}`
  return since === undefined ? stage : `${stage} since ${toMinute(since).slice(0, 10)}`
}

function nextText({ next, pause, isPaused }: ListedVersion, now: number): string {
  const coming = [
    ...(next === undefined ? [] : [{ what: next.stage as string, at: next.at }]),
    ...(pause === undefined || isPaused ? [] : [{ what: 'pause', at: pause.from }]),
  ].sort((left, right) => left.at - right.at)[0]
  return coming === undefined ? '-' : `${coming.what} ${inWords(coming.at - now)}`
}

function inWords(milliseconds: number): string {
  if (milliseconds >= 2 * day) return `in ${Math.floor(milliseconds / day)} days`
  if (milliseconds >= 2 * 3_600_000) return `in ${Math.floor(milliseconds / 3_600_000)} hours`
  return `in ${Math.max(1, Math.floor(milliseconds / 60_000))} minutes`
}

function toMinute(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ')
}

function toCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Write a whole number from 1.')
  return count
}
