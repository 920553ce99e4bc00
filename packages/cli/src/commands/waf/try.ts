import { tryRequest, type Trial } from '@gateward/gateway'
import type { Command } from 'commander'
import { exitCode } from '../../exit-code.ts'
import { plural, table } from '../../output.ts'
import { printable, printableCell } from '../../printable.ts'
import type { CommandContext } from '../../program.ts'
import { readRequestFiles } from '../../waf/read-request-files.ts'
import { loadRuleOptions, ruleOptions, type RuleOptions } from '../../waf/rule-options.ts'

interface TryOptions extends RuleOptions {
  readonly request: string
  readonly json?: true
}

interface FileTrial {
  readonly file: string
  readonly trial: Trial
}

/** `gateward waf try`: what rules say of requests in files. */
export function addTry(waf: Command, { output, end }: CommandContext): void {
  ruleOptions(waf.command('try'))
    .description('run rules over raw HTTP requests in files, and tell which match')
    .requiredOption('--request <path>', 'a file with a raw HTTP request, or a folder of such files')
    .option('--json', 'an array with one object a request')
    .action(async (options: TryOptions) => {
      const engine = await loadRuleOptions(options, output)
      await engine.warmUp()
      const trials = readRequestFiles(options.request).map(({ file, request, note }): FileTrial => {
        if (note !== undefined) output.err(note)
        return { file, trial: tryRequest(engine, request) }
      })
      output.out(options.json === true ? toJson(trials) : trials.map(tell).join('\n\n'))
      const blocked = trials.filter(({ trial }) => trial.verdict === 'block').length
      if (options.json !== true && trials.length > 1)
        output.out(`\n${plural(trials.length, 'request')} · ${blocked} blocked`)
      end(blocked === 0 ? exitCode.fine : exitCode.invalid)
    })
}

/** One line a request, so that a long list can also be read by lines. */
function toJson(trials: readonly FileTrial[]): string {
  return `[\n${trials.map(({ file, trial }) => JSON.stringify({ request: file, ...trial })).join(',\n')}\n]`
}

function tell({ file, trial }: FileTrial): string {
  const { verdict, status, score, matches } = trial
  const outcome = verdict === 'block' ? `block ${status}` : 'pass'
  const rows = matches.map(({ id, at, message }) => [`  ${id}`, printableCell(at), printableCell(message)])
  return [
    `${printable(file)}  →  ${outcome}   score ${score}`,
    ...(rows.length === 0 ? [] : [table(rows)]),
  ].join('\n')
}
