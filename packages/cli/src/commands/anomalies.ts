import { openAnomalyManagement, type AnomalyRecord, type NamedExpectation } from '@gateward/gateway'
import type { Command } from 'commander'
import { wrappedTable } from '../output.ts'
import { printable } from '../printable.ts'
import type { CommandContext } from '../program.ts'
import { dataOptions, existingKeyringOptions, type DataOptions } from './data-options.ts'
import { durationOption } from './duration-option.ts'

interface AnomalyOptions extends DataOptions {
  readonly json?: true
}

/** `gateward anomalies …`: traffic that is not as it was, and what of it is as it should be. */
export function addAnomalies(program: Command, context: CommandContext): void {
  const anomalies = program.command('anomalies').description('list anomalies, and say which are expected')
  addList(anomalies, context)
  addExpected(anomalies, context)
  addExpectations(anomalies, context)
  addForget(anomalies, context)
}

function common(command: Command): Command {
  return dataOptions(command).option('--json', 'the result as JSON')
}

function addList(anomalies: Command, { output }: CommandContext): void {
  common(anomalies.command('list'))
    .description('anomalies, newest first')
    .option('--api <name>', 'only those of this API')
    .action(async (options: AnomalyOptions & { api?: string }) => {
      await using management = await openAnomalyManagement(await existingKeyringOptions(options))
      const found = await management.list({ limit: 1_000, api: options.api })
      if (options.json === true) output.out(JSON.stringify(found.map(toShown)))
      else if (found.length === 0) output.out('No anomalies: nothing was far from what was usual.')
      else output.out(wrappedTable([['ID', 'TIME', 'SEVERITY', 'WHAT'], ...found.map(toRow)], output.width))
    })
}

function addExpected(anomalies: Command, { output }: CommandContext): void {
  common(anomalies.command('expected'))
    .description(
      'say that an anomaly is as it should be; the same is not told again unless it goes half as far again',
    )
    .argument('<id>', 'as `anomalies list` names it')
    .requiredOption('--reason <text>', 'why, for whoever finds it')
    .addOption(durationOption('--for <duration>', 'how long that holds', '90d'))
    .action(async (id: string, options: AnomalyOptions & { reason: string; for: number }) => {
      await using management = await openAnomalyManagement(await existingKeyringOptions(options))
      const expectation = await management.expect(id, { reason: options.reason, life: options.for })
      if (options.json === true) output.out(JSON.stringify(expectation))
      else
        output.out(
          `Remembered until ${new Date(expectation.until).toISOString()}. Take it back: gateward anomalies forget ${expectation.id}`,
        )
    })
}

function addExpectations(anomalies: Command, { output }: CommandContext): void {
  common(anomalies.command('expectations'))
    .description('what somebody said is as it should be')
    .action(async (options: AnomalyOptions) => {
      await using management = await openAnomalyManagement(await existingKeyringOptions(options))
      const found = await management.expectations()
      if (options.json === true) output.out(JSON.stringify(found))
      else if (found.length === 0) output.out('Nothing is expected beyond what is usual.')
      else
        output.out(
          wrappedTable(
            [['ID', 'WHAT', 'WHOSE', 'UNTIL', 'REASON'], ...found.map(toExpectationRow)],
            output.width,
          ),
        )
    })
}

function addForget(anomalies: Command, { output }: CommandContext): void {
  common(anomalies.command('forget'))
    .description('take back what was said to be expected: it is told again')
    .argument('<id>', 'as `anomalies expectations` names it')
    .action(async (id: string, options: AnomalyOptions) => {
      await using management = await openAnomalyManagement(await existingKeyringOptions(options))
      const { measure, subject } = await management.forget(id)
      if (options.json === true) output.out(JSON.stringify({ forgotten: id }))
      else output.out(`Forgotten: ${measure} of ${printable(subject)} is told again.`)
    })
}

function toExpectationRow({
  id,
  measure,
  dimension,
  subject,
  api,
  until,
  reason,
}: NamedExpectation): readonly string[] {
  const whose = subject === '' ? api : `${dimension} ${subject} of ${api}`
  return [id, measure, printable(whose), new Date(until).toISOString(), printable(reason)]
}

function toRow({ id, time, severity, explanation }: AnomalyRecord): readonly string[] {
  return [id, new Date(time).toISOString().slice(0, 19), severity, printable(explanation)]
}

function toShown({ time, ...rest }: AnomalyRecord): object {
  return { ...rest, time: new Date(time).toISOString() }
}
