import type { CompiledRule } from '../3-compile/compiled-rule.ts'
import type { ByteString } from '../language/bytes.ts'
import type { CompiledMacro } from '../macros/macro.ts'
import { Entry } from './entry.ts'

/**
 * The values of `RULE`, which is about the rule that is being asked: its number, revision, severity, message and log data, as
 * far as it has them.
 *
 * @param expand gives a text's value at this moment; `RULE` in it must be empty, or a message that quotes itself had no end
 */
export function ruleEntries(
  rule: CompiledRule | undefined,
  expand: (template: CompiledMacro) => ByteString,
): readonly Entry[] {
  if (rule === undefined) return []
  const texts: readonly (readonly [string, string | undefined])[] = [
    ['id', String(rule.id)],
    ['rev', rule.revision],
    ['severity', rule.severity?.toString()],
    ['msg', rule.message && expand(rule.message)],
    ['logdata', rule.logData && expand(rule.logData)],
  ]
  return texts.flatMap(([key, value]) =>
    value === undefined ? [] : [Entry.of('RULE', key as ByteString, value as ByteString)],
  )
}
