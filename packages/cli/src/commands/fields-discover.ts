import { defaultConfidence, discoverFields, type ApiDiscovery, type ClassProposal } from '@gateward/gateway'
import { InvalidArgumentError, type Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { nearby, plural } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { defaultConfigurationFile } from './data-options.ts'

interface DiscoverOptions {
  readonly config: string
  readonly confidence: number
  readonly reset?: true
  readonly json?: true
}

/** `gateward fields discover`: fields that carry personal data which the contract does not declare. */
export function addDiscover(fields: Command, { output, end }: CommandContext): void {
  fields
    .command('discover')
    .description('propose x-data-class for fields that carry personal data undeclared, from sampled traffic')
    .argument('[api]', 'the name of one API in the configuration')
    .option('-c, --config <file>', 'the configuration', defaultConfigurationFile)
    .option(
      '--confidence <share>',
      'leave out what is less sure, between 0 and 1',
      toShare,
      defaultConfidence,
    )
    .option('--reset', 'forget what was counted before')
    .option('--json', 'what was found, as JSON')
    .action(async (api: string | undefined, options: DiscoverOptions) => {
      const found = await discoverFields({
        configuration: { file: options.config, env: process.env },
        api,
        leastConfidence: options.confidence,
        reset: options.reset === true,
      })
      output.out(options.json === true ? JSON.stringify(found) : found.map(tell).join('\n\n'))
      end(exitOf(found, options))
    })
}

function exitOf(found: readonly ApiDiscovery[], { reset }: DiscoverOptions) {
  if (reset === true) return exitCode.fine
  if (found.some(({ proposals }) => proposals.length > 0)) return exitCode.invalid
  return found.some(({ values }) => values > 0) ? exitCode.fine : exitCode.incomplete
}

function tell({ api, values, proposals }: ApiDiscovery): string {
  if (values === 0)
    return `${api}: nothing was sampled yet\n  → guards: { discovery: { mode: shadow } }, and let some traffic pass`
  const rest = `${plural(values, 'different value')} of ${api} looked at`
  if (proposals.length === 0) return `${rest}: no personal data that the contract does not declare`
  return [
    `${rest}: ${plural(proposals.length, 'field')} with personal data that the contract does not declare`,
    ...proposals.map(tellProposal),
  ].join('\n\n')
}

function tellProposal(proposal: ClassProposal): string {
  const { file, line, pointer, seen, found, confidence, operations, write } = proposal
  return [
    `${nearby(file)}:${line}  ${pointer}`,
    `    ${found} of ${seen} different values look like it, confidence ${confidence.toFixed(2)}, in ${operations.join(', ')}`,
    `    → ${write}`,
  ].join('\n')
}

function toShare(text: string): number {
  const share = Number(text)
  if (text !== '' && share >= 0 && share <= 1) return share
  throw new InvalidArgumentError('write a number between 0 and 1: 0.7')
}
