import { closest } from '@gateward/kernel'
import type { Statement } from '../language/rule.ts'
import { auditModes, engineModes, switches } from './compile-control.ts'
import type { Drafting } from './draft-rules.ts'
import type { EngineSettings } from './engine-settings.ts'
import { defaultSettings } from './engine-settings.ts'
import { ineffectiveDirectives } from './ineffective-names.ts'
import { ownValue } from './own-value.ts'
import type { Reporter } from './reporter.ts'
import { removeRules, updateActions, updateTargets } from './update-rules.ts'

export type DirectiveStatement = Extract<Statement, { kind: 'directive' }>

type Directive = (values: readonly string[], drafting: Drafting, reporter: Reporter) => void

const directives: Readonly<Record<string, Directive>> = {
  secruleengine: setting(engineModes, (mode) => ({ mode })),
  secauditengine: setting(auditModes, (auditMode) => ({ auditMode })),
  secauditlogparts: (values, drafting, reporter) => {
    const auditParts = (values[0] ?? '').toUpperCase()
    if (/^[A-KZ]+$/.test(auditParts)) return change(drafting, { auditParts })
    reporter.refuse('bad-value', `"${values[0] ?? ''}" names no parts`, 'write letters from A to K, and Z')
  },
  secrequestbodyaccess: setting(switches, (requestBodyAccess) => ({ requestBodyAccess })),
  secresponsebodyaccess: setting(switches, (responseBodyAccess) => ({ responseBodyAccess })),
  secrequestbodylimit: number((requestBodyLimit) => ({ requestBodyLimit })),
  secrequestbodynofileslimit: number((requestBodyNoFilesLimit) => ({ requestBodyNoFilesLimit })),
  secrequestbodylimitaction: setting(limitActions(), (requestBodyLimitAction) => ({
    requestBodyLimitAction,
  })),
  secrequestbodyjsondepthlimit: number((jsonDepthLimit) => ({ jsonDepthLimit })),
  secargumentslimit: number((argumentsLimit) => ({ argumentsLimit })),
  secfilecontentlimit: number((fileContentLimit) => ({ fileContentLimit })),
  secjsoninargumentslimit: number((jsonInArgumentsLimit) => ({ jsonInArgumentsLimit })),
  secoddpairsasarguments: setting(switches, (oddPairsAsArguments) => ({ oddPairsAsArguments })),
  secresponsebodylimit: number((responseBodyLimit) => ({ responseBodyLimit })),
  secresponsebodylimitaction: setting(limitActions(), (responseBodyLimitAction) => ({
    responseBodyLimitAction,
  })),
  secresponsebodymimetype: (values, drafting) => {
    const { responseBodyTypes: before } = drafting.settings
    // The first that is named takes the place of those which hold where none is.
    const kept = before === defaultSettings.responseBodyTypes ? [] : before
    const named = values.flatMap((value) => value.toLowerCase().split(/\s+/)).filter(Boolean)
    change(drafting, { responseBodyTypes: [...kept, ...named] })
  },
  secresponsebodymimetypesclear: (_values, drafting) => change(drafting, { responseBodyTypes: [] }),
  seccollectiontimeout: number((collectionTimeout) => ({ collectionTimeout })),
  secwebappid: (values, drafting, reporter) => {
    const [webAppId = ''] = values
    if (webAppId !== '') return change(drafting, { webAppId })
    reporter.refuse('bad-value', 'it names no application', 'write a name')
  },
  secunicodemapfile: (values, _drafting, reporter) => {
    const page = values.join(' ').trim().split(/\s+/)[1] ?? '20127'
    if (page !== '20127') {
      const fix = 'write 20127, whose best-fit mapping is built in'
      return reporter.refuse('bad-value', `code page ${page} is not supported`, fix)
    }
    const message = 'SecUnicodeMapFile changes nothing: the best-fit mapping of code page 20127 is built in'
    reporter.warn('ineffective-directive', message, 'remove it')
  },
  secxmlexternalentity: (values, _drafting, reporter) => {
    if ((values[0] ?? '').toLowerCase() === 'off') return
    const message = 'SecXmlExternalEntity is refused: an XML document never makes anything be fetched'
    reporter.refuse('refused-directive', message, 'write Off, or remove it')
  },
  secparsexmlintoargs: (values, _drafting, reporter) => {
    if ((values[0] ?? '').toLowerCase() === 'off') return
    const message = 'SecParseXmlIntoArgs is refused: the values of a document are in XML:/* and XML://@*'
    reporter.refuse('refused-directive', message, 'write Off, or remove it')
  },
  secargumentseparator: onlyValue('&'),
  seccookieformat: onlyValue('0'),
  seccomponentsignature: () => {},
}

/** Directives about rules, before and behind them alike. */
const updates: Readonly<Record<string, Directive>> = {
  secruleremovebyid: (values, drafting, reporter) => removeRules('id', values.join(' '), drafting, reporter),
  secruleremovebytag: (values, drafting, reporter) =>
    removeRules('tag', values.join(' '), drafting, reporter),
  secruleremovebymsg: (values, drafting, reporter) =>
    removeRules('msg', values.join(' '), drafting, reporter),
  secruleupdatetargetbyid: (values, drafting, reporter) => updateTargets('id', values, drafting, reporter),
  secruleupdatetargetbytag: (values, drafting, reporter) => updateTargets('tag', values, drafting, reporter),
  secruleupdatetargetbymsg: (values, drafting, reporter) => updateTargets('msg', values, drafting, reporter),
  secruleupdateactionbyid: updateActions,
}

/** Whether a directive changes rules: it is then applied when all of them are known, wherever it stands, as in libmodsecurity. */
export function isUpdate({ name }: DirectiveStatement): boolean {
  return ownValue(updates, name.toLowerCase()) !== undefined
}

/** Applies a directive to the engine's settings, or to the rules that were read so far. */
export function applyDirective(statement: DirectiveStatement, drafting: Drafting, reporter: Reporter): void {
  const name = statement.name.toLowerCase()
  const directive = ownValue(directives, name) ?? ownValue(updates, name)
  if (directive !== undefined) return directive(statement.values, drafting, reporter)
  const instead = ineffectiveDirectives.get(name)
  if (instead !== undefined) {
    return reporter.warn(
      'ineffective-directive',
      `${statement.name} changes nothing: ${instead}`,
      'remove it',
    )
  }
  const meant = closest(name, [...Object.keys(directives), ...Object.keys(updates)])
  reporter.refuse(
    'unknown-directive',
    `${statement.name} is no directive of this engine`,
    meant === undefined ? 'remove it' : `did you mean ${meant}?`,
  )
}

function change(drafting: Drafting, settings: Partial<EngineSettings>): void {
  drafting.settings = { ...drafting.settings, ...settings }
}

function setting<Meaning>(
  meanings: Readonly<Record<string, Meaning>>,
  toSettings: (meaning: Meaning) => Partial<EngineSettings>,
): Directive {
  return (values, drafting, reporter) => {
    const meaning = ownValue(meanings, (values[0] ?? '').toLowerCase())
    if (meaning !== undefined) return change(drafting, toSettings(meaning))
    const fix = `write ${Object.keys(meanings).join(' or ')}`
    reporter.refuse('bad-value', `"${values[0] ?? ''}" is not one of its values`, fix)
  }
}

function number(toSettings: (value: number) => Partial<EngineSettings>): Directive {
  return (values, drafting, reporter) => {
    const value = Number(values[0] ?? Number.NaN)
    if (Number.isSafeInteger(value) && value >= 0) return change(drafting, toSettings(value))
    reporter.refuse('bad-value', `"${values[0] ?? ''}" is no whole number`, 'write digits')
  }
}

function onlyValue(only: string): Directive {
  return (values, _drafting, reporter) => {
    if (values[0] === only) return
    reporter.refuse('bad-value', `"${values[0] ?? ''}" is not supported`, `write ${only}`)
  }
}

function limitActions(): Readonly<Record<string, 'reject' | 'process-partial'>> {
  return { reject: 'reject', processpartial: 'process-partial' }
}
