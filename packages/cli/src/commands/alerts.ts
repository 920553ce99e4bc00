import { hostname } from 'node:os'
import {
  commandLineActor,
  openAlertManagement,
  testAlertTargets,
  type AlertRecord,
  type Silence,
  type TargetTest,
} from '@gateward/gateway'
import { closest, DiagnosticError, systemClock } from '@gateward/kernel'
import type { Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { table, wrappedTable } from '../output.ts'
import { printable } from '../printable.ts'
import type { CommandContext } from '../program.ts'
import { configurationNamed, dataOptions, existingKeyringOptions, type DataOptions } from './data-options.ts'
import { durationOption } from './duration-option.ts'

interface AlertOptions extends DataOptions {
  readonly json?: true
}

/** `gateward alerts …`: what needs a person, who is told, and who is left alone. */
export function addAlerts(program: Command, context: CommandContext): void {
  const alerts = program.command('alerts').description('list, acknowledge, test and silence alerts')
  addList(alerts, context)
  addAcknowledge(alerts, context)
  addTest(alerts, context)
  addSilence(alerts, context)
  addSilences(alerts, context)
  addUnsilence(alerts, context)
}

function common(command: Command): Command {
  return dataOptions(command).option('--json', 'the result as JSON')
}

function addList(alerts: Command, { output, end }: CommandContext): void {
  common(alerts.command('list'))
    .description('alerts, newest first; exit code 1 where any is firing')
    .option('--all', 'those that are over, too')
    .action(async (options: AlertOptions & { all?: true }) => {
      await using management = await openAlertManagement(await existingKeyringOptions(options))
      const state = options.all === true ? undefined : ('firing' as const)
      const found = await management.list({ limit: 1_000, state })
      if (options.json === true) output.out(JSON.stringify(found.map(toShown)))
      else if (found.length === 0) output.out('No alerts. See past ones: gateward alerts list --all')
      else output.out(wrappedTable([header, ...found.map(toRow)], output.width))
      end(found.some((alert) => alert.state === 'firing') ? exitCode.invalid : exitCode.fine)
    })
}

function addAcknowledge(alerts: Command, { output }: CommandContext): void {
  common(alerts.command('acknowledge'))
    .description('look after a firing alert: it is neither escalated nor told again before it is over')
    .argument('<id>', 'as `alerts list` names it')
    .option('--by <name>', 'who looks after it', commandLineActor().name)
    .option('--note <text>', 'what is known or done, for others', '')
    .action(async (id: string, options: AlertOptions & { by: string; note: string }) => {
      await using management = await openAlertManagement(await existingKeyringOptions(options))
      const alert = await management.acknowledge(id, options.by, options.note)
      if (options.json === true) output.out(JSON.stringify(toShown(alert)))
      else output.out(`${options.by} looks after it: ${alert.rule} about ${printable(alert.subject)}.`)
    })
}

function addTest(alerts: Command, { output, end }: CommandContext): void {
  common(alerts.command('test'))
    .description('send a test alert to the configured targets')
    .argument('[target]', 'only to this one')
    .action(async (name: string | undefined, options: AlertOptions) => {
      const settings = (await configurationNamed(options))?.alerts
      const names = chooseTargets(Object.keys(settings?.targets ?? {}), name)
      const results =
        settings === undefined ? [] : await testAlertTargets(settings, names, systemClock, hostname())
      if (options.json === true) output.out(JSON.stringify(results))
      else output.out(table(results.map(toResult)))
      end(results.every(({ delivered }) => delivered) ? exitCode.fine : exitCode.incomplete)
    })
}

function chooseTargets(known: readonly string[], name: string | undefined): readonly string[] {
  if (known.length === 0)
    throw mistake(
      'no-alert-targets',
      'the configuration names no alerts.targets',
      'see docs/guides/alerts.md for an example',
    )
  if (name === undefined) return known
  if (known.includes(name)) return [name]
  const near = closest(name, known)
  const fix = near === undefined ? `choose from ${known.join(', ')}` : `did you mean "${near}"?`
  throw mistake('unknown-target', `alerts.targets has no "${name}"`, fix)
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}

function addSilence(alerts: Command, { output }: CommandContext): void {
  common(alerts.command('silence'))
    .description('keep alerts of a rule from people for a while; they are recorded all the same')
    .argument('<rule>', 'a rule as `alerts list` names it, or * for all')
    .option('--subject <subject>', 'only about this, as `alerts list` names it', '*')
    .addOption(durationOption('--for <duration>', 'how long', '2h'))
    .requiredOption('--reason <text>', 'why, for whoever finds it')
    .action(
      async (rule: string, options: AlertOptions & { subject: string; for: number; reason: string }) => {
        await using management = await openAlertManagement(await existingKeyringOptions(options))
        const { subject, for: life, reason } = options
        const silence = await management.silence({ rule, subject, life, reason })
        if (options.json === true) output.out(JSON.stringify(silence))
        else
          output.out(
            `Silent until ${new Date(silence.until).toISOString()}. Lift it: gateward alerts unsilence ${silence.id}`,
          )
      },
    )
}

function addSilences(alerts: Command, { output }: CommandContext): void {
  common(alerts.command('silences'))
    .description('the silences that hold')
    .action(async (options: AlertOptions) => {
      await using management = await openAlertManagement(await existingKeyringOptions(options))
      const silences = await management.silences()
      if (options.json === true) output.out(JSON.stringify(silences))
      else if (silences.length === 0) output.out('Nothing is silenced.')
      else
        output.out(
          wrappedTable(
            [['ID', 'RULE', 'SUBJECT', 'UNTIL', 'REASON'], ...silences.map(toSilenceRow)],
            output.width,
          ),
        )
    })
}

function addUnsilence(alerts: Command, { output }: CommandContext): void {
  common(alerts.command('unsilence'))
    .description('lift a silence')
    .argument('<id>', 'as `alerts silences` names it')
    .action(async (id: string, options: AlertOptions) => {
      await using management = await openAlertManagement(await existingKeyringOptions(options))
      await management.lift(id)
      output.out(options.json === true ? JSON.stringify({ lifted: id }) : 'Lifted.')
    })
}

const header = ['ID', 'SINCE', 'STATE', 'SEVERITY', 'RULE', 'SUBJECT', 'SEEN', 'WHAT']

function toRow(alert: AlertRecord): readonly string[] {
  return [
    alert.id,
    new Date(alert.openedAt).toISOString().slice(0, 19),
    stateOf(alert),
    alert.severity,
    alert.rule,
    printable(alert.subject),
    String(alert.count),
    printable(alert.summary),
  ]
}

function stateOf({ state, silenced, acknowledgement }: AlertRecord): string {
  if (acknowledgement !== undefined) return `${state} (${printable(acknowledgement.by)})`
  return silenced ? `${state} (silenced)` : state
}

function toSilenceRow({ id, rule, subject, until, reason }: Silence): readonly string[] {
  return [id, rule, printable(subject), new Date(until).toISOString(), printable(reason)]
}

function toResult({ target, kind, delivered, reason, milliseconds }: TargetTest): readonly string[] {
  const outcome = delivered ? 'delivered' : `failed: ${reason ?? ''}`
  return [target, kind, outcome, `${Math.round(milliseconds)} ms`]
}

function toShown({
  openedAt,
  lastAt,
  resolvedAt,
  escalatedAt,
  acknowledgement,
  ...rest
}: AlertRecord): object {
  const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString())
  return {
    ...rest,
    openedAt: iso(openedAt),
    lastAt: iso(lastAt),
    resolvedAt: iso(resolvedAt),
    escalatedAt: iso(escalatedAt),
    acknowledgement: acknowledgement && { ...acknowledgement, at: iso(acknowledgement.at) },
  }
}
