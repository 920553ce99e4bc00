import { readFileSync } from 'node:fs'
import { openAuditTrail, printReview, type AuditTrail } from '@gateward/gateway'
import { parseDuration } from '@gateward/kernel'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { exitCode } from '../exit-code.ts'
import { plural, table } from '../output.ts'
import type { CommandContext } from '../program.ts'
import { UsageError } from '../usage-error.ts'
import { configurationNamed, dataOptions, existingKeyringOptions, type DataOptions } from './data-options.ts'

interface AuditOptions extends DataOptions {
  readonly json?: true
}

/** `gateward audit …`: what was done to the gateway, whether anybody changed what is written of it, and its review. */
export function addAudit(program: Command, context: CommandContext): void {
  const audit = program.command('audit').description('read, check, anchor and review the audit log')
  addList(audit, context)
  addVerify(audit, context)
  addAnchor(audit, context)
  addReview(audit, context)
}

function addList(audit: Command, { output }: CommandContext): void {
  common(audit.command('list'))
    .description('what was done, the newest first')
    .option('--actor <name>', 'only what they did')
    .option('--action <action>', 'only this; with a dot at its end all of a kind: key.')
    .option('--target <id>', 'only what was done to it')
    .addOption(durationOption('--since <duration>', 'how far back'))
    .addOption(new Option('--limit <number>', 'at most this many').argParser(toCount).default(50))
    .action(async (options: AuditOptions & ListOptions) => {
      await using trail = await openAuditTrail(await existingKeyringOptions(options))
      const { actor, action, target, since, limit } = options
      const from = since === undefined ? undefined : Date.now() - since
      const rows = await trail.list({ limit, actor, action, target, since: from })
      if (options.json === true)
        output.out(JSON.stringify(rows.map(({ body }) => JSON.parse(body) as unknown)))
      else if (rows.length === 0) output.out('Nothing was done that this asks for.')
      else output.out(table([header, ...rows.map(toRow)]))
    })
}

interface ListOptions {
  readonly actor?: string
  readonly action?: string
  readonly target?: string
  readonly since?: number
  readonly limit: number
}

const header = ['ROW', 'WHEN', 'WHO', 'WHAT', 'TO', 'OUTCOME', 'WHY']

type Row = Awaited<ReturnType<AuditTrail['list']>>[number]

function toRow({ number, at, actor, action, target, body }: Row): string[] {
  const { outcome, reason } = JSON.parse(body) as { readonly outcome: string; readonly reason?: string }
  const when = new Date(at).toISOString().slice(0, 19).replace('T', ' ')
  return [String(number), when, actor, action, target || '-', outcome, reason ?? '']
}

function addVerify(audit: Command, { output, end }: CommandContext): void {
  common(audit.command('verify'))
    .description('find any row that was changed, removed, added or put in another order')
    .option('--anchor <file>', 'an anchor that was kept elsewhere; may be repeated', collect, [])
    .action(async (options: AuditOptions & { anchor: readonly string[] }) => {
      await using trail = await openAuditTrail(await existingKeyringOptions(options))
      const found = await trail.verify(options.anchor)
      const isWhole = found.findings.length === 0
      if (options.json === true) output.out(JSON.stringify({ valid: isWhole, ...found }))
      else {
        for (const { number, kind, message } of found.findings)
          output.out(`${kind.padEnd(12)}  ${number === 0 ? '' : `row ${number}: `}${message}`)
        const checked = `${plural(found.rows, 'row')}, ${plural(found.seals, 'signature')}, ${plural(found.anchors, 'anchor')}`
        output.out(
          isWhole
            ? `${checked} · all as they were written`
            : `${checked} · ${plural(found.findings.length, 'finding')}: somebody has changed the log`,
        )
        if (isWhole && found.anchors === 0)
          output.out(
            'Whether its end was cut off only an anchor can tell: gateward audit anchor --file <elsewhere>',
          )
      }
      end(isWhole ? exitCode.fine : exitCode.invalid)
    })
}

function addAnchor(audit: Command, { output, end }: CommandContext): void {
  common(audit.command('anchor'))
    .description('keep the signed end of the log where nobody who can change the log can change it')
    .option('--file <file>', 'where to write it: another machine, a write-once medium')
    .option('--tsa <url>', 'a time stamping authority (RFC 3161) that puts a date on it')
    .option('--ca <file>', "PEM with the authority's root; goes with --tsa")
    .action(async (options: AuditOptions & { file?: string; tsa?: string; ca?: string }) => {
      const { file, tsa, ca } = options
      if ((tsa === undefined) !== (ca === undefined))
        throw new UsageError(
          '--tsa and --ca go together',
          'Name the authority and its root: --tsa <url> --ca <file>',
        )
      await using trail = await openAuditTrail(await existingKeyringOptions(options))
      const authority =
        tsa === undefined || ca === undefined ? undefined : { url: tsa, ca: readFileSync(ca, 'utf8') }
      const anchor = await trail.anchor(file, authority)
      if (anchor === undefined) {
        output.err('There is nothing to anchor: no row of the audit log is signed yet.')
        return end(exitCode.invalid)
      }
      if (options.json === true) output.out(JSON.stringify(anchor))
      else
        output.out(
          [
            `Row ${anchor.number} is anchored${tsa === undefined ? '' : `, dated by ${tsa}`}.`,
            ...(file === undefined
              ? ['It lies in the data folder, beside the log. Write it elsewhere, too: --file <file>']
              : [`Check the log against it:  gateward audit verify --anchor ${file}`]),
          ].join('\n'),
        )
      end(exitCode.fine)
    })
}

function addReview(audit: Command, { output }: CommandContext): void {
  common(audit.command('review'))
    .description('changes, exceptions, what ends soon, what was refused, and rules that matched nothing')
    .addOption(durationOption('--period <duration>', 'how far back, and ahead').default(30 * day, '30d'))
    .option('--sign-off <name>', 'write down that this person has read it')
    .option('--reason <text>', 'what they have to say; goes with --sign-off')
    .action(async (options: AuditOptions & { period: number; signOff?: string; reason?: string }) => {
      const keyring = await existingKeyringOptions(options)
      await using trail = await openAuditTrail(keyring)
      const review = await trail.review({
        period: options.period,
        configuration: await configurationNamed(options),
      })
      const signed =
        options.signOff === undefined
          ? undefined
          : await trail.signOff(review, options.signOff, options.reason)
      if (options.json === true) output.out(JSON.stringify({ ...review, signedOff: signed }))
      else {
        output.out(printReview(review))
        output.out(
          signed === undefined
            ? '\nRead it? Write that down:  gateward audit review --sign-off <your name>'
            : `\nSigned off by ${signed.by} as row ${signed.row} of the audit log.`,
        )
      }
    })
}

const day = 86_400_000

function common(command: Command): Command {
  return dataOptions(command).option('--json', 'the result as JSON')
}

function durationOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const duration = parseDuration(text)
    if (duration === undefined || duration <= 0)
      throw new InvalidArgumentError('Write a number and a unit: 12h, 30d.')
    return duration
  })
}

function toCount(text: string): number {
  const count = Number(text)
  if (!/^\d{1,4}$/.test(text) || count < 1 || count > 1_000)
    throw new InvalidArgumentError('Write a number from 1 to 1000.')
  return count
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
