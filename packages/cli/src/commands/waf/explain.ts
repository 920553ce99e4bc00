import { type ExchangeRecord, fieldOf, isDetection } from '@gateward/gateway'
import type { RuleDescription, Waf } from '@gateward/waf'
import type { Command } from 'commander'
import { exitCode } from '../../exit-code.ts'
import { nearby, table } from '../../output.ts'
import { printable, printableCell } from '../../printable.ts'
import type { CommandContext } from '../../program.ts'
import { UsageError } from '../../usage-error.ts'
import { openNamedRecords } from '../../waf/open-named-records.ts'
import { loadRuleOptions, ruleOptions, type RuleOptions } from '../../waf/rule-options.ts'

interface ExplainOptions extends RuleOptions {
  readonly data?: string
  readonly json?: true
}

interface ExplainedRule {
  readonly id: number
  readonly at: string
  readonly message: string
  readonly tags: readonly string[]
  /** Where the rule is written; undefined where it is not among those that are loaded now. */
  readonly place: string | undefined
}

/** `gateward waf explain <request-id>`: what the rules said of one request. */
export function addWafExplain(waf: Command, { output, end }: CommandContext): void {
  ruleOptions(waf.command('explain'))
    .description('tell which rules matched a request, where they are written, and what would let it pass')
    .argument('<request-id>', 'the X-Request-Id of the answer, or requestId in its body')
    .option('--data <folder>', 'the data folder (default: as configured, else ./data)')
    .option('--json', 'the same as JSON')
    .action(async (id: string, options: ExplainOptions) => {
      await using records = await openNamedRecords(options)
      const record = await records.find(id)
      if (record === undefined) {
        throw new UsageError(
          `there is no record of ${id}`,
          'Name the data folder of the gateway that answered: --data FOLDER',
        )
      }
      const engine = await loadRuleOptions(options)
      const rules = explainRules(record, engine)
      if (options.json === true) output.out(JSON.stringify(toFacts(record, rules)))
      else output.out(tell(record, rules))
      end(exitCode.fine)
    })
}

function explainRules({ waf }: ExchangeRecord, engine: Waf): readonly ExplainedRule[] {
  const known = new Map<number, RuleDescription>(engine.describeRules().map((rule) => [rule.id, rule]))
  return (waf?.rules ?? []).map(({ id, at, msg }) => {
    const rule = known.get(id)
    return {
      id,
      at,
      message: msg,
      tags: rule?.tags ?? [],
      place: rule === undefined ? undefined : `${rule.position.file}:${rule.position.line}`,
    }
  })
}

function toFacts(record: ExchangeRecord, rules: readonly ExplainedRule[]): object {
  const { id, method, path, operation, status, code, waf } = record
  return { id, method, path, operation, status, code, score: waf?.score, rules, skipped: waf?.skipped ?? [] }
}

function tell(record: ExchangeRecord, rules: readonly ExplainedRule[]): string {
  const { method, path, status, code, operation, waf } = record
  const outcome = code === undefined ? String(status) : `${status} ${code}`
  const scored = waf?.score === undefined ? '' : `   score ${waf.score}`
  const lines = [
    `${printable(method)} ${printable(path)}  →  ${outcome}   operation ${operation}${scored}`,
    '',
  ]
  if (rules.length === 0) lines.push('No rule matched.')
  else
    lines.push(
      table(
        rules.map(({ id, at, message, place }) => [
          String(id),
          printableCell(at),
          printableCell(message),
          place === undefined ? '(not loaded now)' : nearby(place),
        ]),
      ),
    )
  if (waf !== undefined && waf.skipped.length > 0)
    lines.push(
      '',
      'Not inspected, harmless by the contract',
      ...waf.skipped.map((field) => `  ${printable(field)}`),
    )
  lines.push(...wayOut(record, rules))
  return lines.join('\n')
}

function wayOut(record: ExchangeRecord, rules: readonly ExplainedRule[]): readonly string[] {
  const detections = rules.filter(isDetection)
  if (record.waf?.score === undefined || detections.length === 0) return []
  const ids = [...new Set(detections.map(({ id }) => id))]
  const fields = [...new Set(detections.map(({ at }) => fieldOf(at, record)))]
  return [
    '',
    'If it is harmless, under guards.waf.exclusions:',
    `  - rules: [${ids.join(', ')}]`,
    `    fields: [${fields.map((field) => JSON.stringify(field)).join(', ')}]`,
    `    operations: [${JSON.stringify(record.operation)}]`,
  ]
}
