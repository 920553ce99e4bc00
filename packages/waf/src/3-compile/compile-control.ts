import { closest } from '@gateward/kernel'
import { parseTargets } from '../1-parse/parse-targets.ts'
import { refusedControls } from '../2-check/refused-names.ts'
import { isBodyProcessor } from '../bodies/choose-body-reader.ts'
import type { ByteString } from '../language/bytes.ts'
import { compileExclusion } from './compiled-target.ts'
import type { AuditMode, Effect, EffectScope, EngineMode } from './effect.ts'
import { ineffectiveControls } from './ineffective-names.ts'
import { ownValue } from './own-value.ts'
import type { Reporter } from './reporter.ts'
import type { IndexedRule, RuleCriterion, RuleIndex } from './rule-index.ts'

type ControlCompiler = (
  value: string,
  rules: RuleIndex<IndexedRule>,
  reporter: Reporter,
) => Effect | undefined

/** The engine modes by their word in `SecRuleEngine` and `ctl:ruleEngine`, in lower case. */
export const engineModes: Readonly<Record<string, EngineMode>> = {
  on: 'on',
  off: 'off',
  detectiononly: 'detection-only',
}

/** The audit modes by their word in `SecAuditEngine` and `ctl:auditEngine`, in lower case. */
export const auditModes: Readonly<Record<string, AuditMode>> = {
  on: 'on',
  off: 'off',
  relevantonly: 'relevant-only',
}

/** The two words of a switch. */
export const switches: Readonly<Record<string, boolean>> = { on: true, off: false }

const controls: Readonly<Record<string, ControlCompiler>> = {
  ruleengine: word(engineModes, (mode) => (scope) => scope.setEngineMode(mode)),
  auditengine: word(auditModes, (mode) => (scope) => scope.setAuditMode(mode)),
  auditlogparts: compileAuditParts,
  requestbodyaccess: word(switches, (isOn) => (scope) => scope.setRequestBodyAccess(isOn)),
  responsebodyaccess: word(switches, (isOn) => (scope) => scope.setResponseBodyAccess(isOn)),
  requestbodylimit: bytes((limit) => (scope) => scope.setRequestBodyLimit(limit)),
  responsebodylimit: bytes((limit) => (scope) => scope.setResponseBodyLimit(limit)),
  requestbodyprocessor: compileBodyProcessor,
  forcerequestbodyvariable: word(
    switches,
    (isOn) => (scope) => (isOn ? scope.forceRequestBody() : undefined),
  ),
  ruleremovebyid: removal('id'),
  ruleremovebytag: removal('tag'),
  ruleremovebymsg: removal('msg'),
  ruleremovetargetbyid: targetRemoval('id'),
  ruleremovetargetbytag: targetRemoval('tag'),
  ruleremovetargetbymsg: targetRemoval('msg'),
}

/** Compiles `ctl:ruleRemoveTargetById=942100;ARGS:comment`; the rules it names are found here, not per request. */
export function compileControl(
  argument: string,
  rules: RuleIndex<IndexedRule>,
  reporter: Reporter,
): Effect | undefined {
  const equals = argument.indexOf('=')
  const name = argument.slice(0, Math.max(0, equals)).trim()
  const control = ownValue(controls, name.toLowerCase())
  if (control !== undefined) return control(argument.slice(equals + 1).trim(), rules, reporter)
  const instead = ineffectiveControls.get(name.toLowerCase())
  if (instead !== undefined) {
    reporter.warn('ineffective-control', `ctl:${name} changes nothing: ${instead}`, 'remove it')
    return undefined
  }
  const reason = refusedControls.get(name.toLowerCase())
  if (reason !== undefined) {
    return reporter.refuse('refused-control', `ctl:${name} is refused: ${reason}`, 'remove it')
  }
  const meant = closest(name.toLowerCase(), Object.keys(controls))
  return reporter.refuse(
    'unknown-control',
    `ctl:${argument} controls nothing that this engine has`,
    meant === undefined ? 'remove it' : `did you mean ${meant}?`,
  )
}

function word<Meaning>(
  meanings: Readonly<Record<string, Meaning>>,
  toCall: (meaning: Meaning) => Effect['apply'],
): ControlCompiler {
  return (value, _rules, reporter) => {
    const meaning = ownValue(meanings, value.toLowerCase())
    if (meaning !== undefined) return { apply: toCall(meaning) }
    return reporter.refuse(
      'bad-control',
      `"${value}" is not one of its values`,
      `write ${Object.keys(meanings).join(' or ')}`,
    )
  }
}

function bytes(toCall: (limit: number) => Effect['apply']): ControlCompiler {
  return (value, _rules, reporter) => {
    if (/^\d{1,12}$/.test(value)) return { apply: toCall(Number(value)) }
    return reporter.refuse('bad-control', `"${value}" is no whole number`, 'write a number of bytes')
  }
}

function compileAuditParts(
  value: string,
  _rules: RuleIndex<IndexedRule>,
  reporter: Reporter,
): Effect | undefined {
  const [, sign, parts] = /^([+-]?)([A-KZ]+)$/.exec(value.toUpperCase()) ?? []
  if (parts === undefined) {
    return reporter.refuse('bad-control', `"${value}" names no parts`, 'write letters from A to K, or Z')
  }
  return { apply: (scope) => scope.changeAuditParts(sign === '+' || sign === '-' ? sign : '', parts) }
}

function compileBodyProcessor(
  value: string,
  _rules: RuleIndex<IndexedRule>,
  reporter: Reporter,
): Effect | undefined {
  const processor = value.toUpperCase() as ByteString
  if (processor === 'RAW') return { apply: readRaw }
  if (!isBodyProcessor(processor) && processor !== 'NONE') {
    return reporter.refuse(
      'bad-control',
      `"${value}" reads no bodies`,
      'write URLENCODED, MULTIPART, JSON or XML',
    )
  }
  return { apply: (scope) => scope.setBodyProcessor(processor) }
}

/** A body that nobody takes apart, and that rules see all the same. */
function readRaw(scope: EffectScope): void {
  scope.setBodyProcessor('RAW' as ByteString)
  scope.forceRequestBody()
}

function removal(criterion: RuleCriterion): ControlCompiler {
  return (value, rules, reporter) => {
    const ordinals = ordinalsOf(rules.find(criterion, value, reporter))
    return ordinals && { removes: ordinals, apply: (scope) => scope.removeRules(ordinals) }
  }
}

function targetRemoval(criterion: RuleCriterion): ControlCompiler {
  return (value, rules, reporter) => {
    const separator = value.indexOf(';')
    if (separator === -1) {
      return reporter.refuse(
        'bad-control',
        `"${value}" names no target`,
        'write the rules, a semicolon and a target: 942100;ARGS:comment',
      )
    }
    const ordinals = ordinalsOf(rules.find(criterion, value.slice(0, separator).trim(), reporter))
    const targets = parseTargets(value.slice(separator + 1), reporter.mistake)
    const exclusions = targets.flatMap((target) => compileExclusion(target, reporter) ?? [])
    if (ordinals === undefined || exclusions.length === 0) return undefined
    return {
      removes: ordinals,
      apply: (scope) => {
        for (const exclusion of exclusions) scope.removeTarget(ordinals, exclusion)
      },
    }
  }
}

function ordinalsOf(rules: readonly IndexedRule[] | undefined): ReadonlySet<number> | undefined {
  return rules && new Set(rules.map((rule) => rule.ordinal))
}
