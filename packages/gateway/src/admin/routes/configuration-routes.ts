import { createHash } from 'node:crypto'
import { diffLines } from 'diff'
import { defineProblem, DiagnosticError, hasErrors, type Diagnostic } from '@gateward/kernel'
import { printConfiguration } from '../../config/print.ts'
import type { ConfigurationVersion } from '../../store/configuration-store.ts'
import type { Caller } from '../access/caller.ts'
import type { AdminAnswer } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes, type Change, type RouteRefusal } from './route.ts'
import { toMoment } from './to-moment.ts'

type ConfigurationRoutes = Pick<
  AdminRoutes,
  | 'getConfiguration'
  | 'getConfigurationText'
  | 'checkConfiguration'
  | 'applyConfiguration'
  | 'listConfigurations'
  | 'getConfigurationVersion'
  | 'rollBackConfiguration'
>

type Outlook = AdminAnswer<'checkConfiguration'>

/** The configuration that runs, those that ran before, and the way from one to another. */
export function configurationRoutes(parts: AdminParts): ConfigurationRoutes {
  const { running, loads, store } = parts
  const { configurations } = store
  const written = () => running().configuration.source
  const describe = async (version: ConfigurationVersion) => {
    const [latest] = await configurations.list(1)
    return describeVersion(version, latest?.number === version.number)
  }
  return {
    getConfiguration() {
      const { configuration, site } = running()
      const { file, text } = configuration.source
      const effective = printConfiguration(configuration)
      const loadedAt = toMoment(loads().loadedAt)
      return { body: { hash: site.hash, loadedAt, file, written: mask(text), effective }, version: site.hash }
    },

    getConfigurationText() {
      const { file, text } = written()
      if (file === undefined || text === undefined) return refuse(noFile)
      return { body: { file, text }, version: versionOf(text) }
    },

    checkConfiguration: async ({ body: { text } }) => ({ body: (await foresee(parts, text)).outlook }),

    applyConfiguration: (call) =>
      takeOver(parts, call, { text: call.body.text, source: 'admin', target: '' }),

    async listConfigurations({ query: { limit = 50 } }) {
      const versions = await configurations.list(limit)
      return { body: { versions: versions.map((version, index) => describeVersion(version, index === 0)) } }
    },

    async getConfigurationVersion({ path: { number }, query: { against = number - 1 } }) {
      const version = await configurations.find(number)
      if (version === undefined) return refuse(noVersion)
      const other = await configurations.find(against)
      const diff = compare(mask(other?.text) ?? '', mask(version.text) ?? '')
      return { body: { version: await describe(version), text: mask(version.text), diff } }
    },

    async rollBackConfiguration(call) {
      const version = await configurations.find(call.path.number)
      if (version === undefined) return refuse(noVersion)
      if (version.text === undefined) return refuse(noText)
      return takeOver(parts, call, { text: version.text, source: 'rollback', target: String(version.number) })
    },
  }
}

interface TakeOverCall {
  readonly caller: Caller
  readonly body: { readonly reason?: string | undefined }
}

/** The change from the file that runs to another text; refused where the gateway has no file. */
async function takeOver(
  parts: AdminParts,
  { caller, body: { reason } }: TakeOverCall,
  {
    text,
    source,
    target,
  }: { readonly text: string; readonly source: 'admin' | 'rollback'; readonly target: string },
): Promise<Change<Outlook> | RouteRefusal> {
  const { source: now } = parts.running().configuration
  if (now.file === undefined || now.text === undefined) return refuse(noFile)
  const { outlook, mistakes } = await foresee(parts, text)
  const before = parts.running().site.hash
  return {
    action: source === 'admin' ? 'configuration.apply' : 'configuration.rollback',
    target,
    before: { configuration: before },
    after: { diff: outlook.diff.filter(({ kind }) => kind !== 'same') },
    reason,
    version: versionOf(now.text),
    preview: outlook,
    async commit() {
      if (!outlook.valid) throw new DiagnosticError(mistakes)
      const diagnostics = await parts.applyConfiguration(text, {
        actor: caller.actor,
        source,
        reason: reason ?? '',
      })
      if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics)
      const applied = parts.running().configuration.source.text ?? ''
      return { body: { ...outlook, diagnostics: diagnostics.map(plain) }, version: versionOf(applied) }
    },
  }
}

async function foresee(
  parts: AdminParts,
  text: string,
): Promise<{ readonly outlook: Outlook; readonly mistakes: readonly Diagnostic[] }> {
  const { diagnostics, operations } = await parts.checkConfiguration(text)
  const before = parts.running().configuration.source.text ?? ''
  const outlook = {
    valid: !hasErrors(diagnostics),
    operations,
    diagnostics: diagnostics.slice(0, mostDiagnostics).map(plain),
    diff: compare(mask(before), mask(text)),
  }
  return { outlook, mistakes: diagnostics }
}

const mostDiagnostics = 200

function plain({ code, severity, message, fix, position }: Diagnostic): Outlook['diagnostics'][number] {
  return { code, severity, message, fix, position: position && { ...position } }
}

function compare(before: string, after: string): Outlook['diff'] {
  // Two texts that share little would take long to compare, and nobody reads that.
  const parts = diffLines(before, after, { timeout: 500 })
  if (parts === undefined)
    return [
      { kind: 'removed', lines: toLines(before) },
      { kind: 'added', lines: toLines(after) },
    ]
  return parts.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    lines: toLines(value),
  }))
}

function toLines(text: string): string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Secrets are references in a file; what may still stand in it is a credential in a URL. */
function mask(text: string): string
function mask(text: string | undefined): string | undefined
function mask(text: string | undefined): string | undefined {
  return text?.replaceAll(/\/\/[^/?#\s"'@]+@/g, '//[redacted]@')
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function describeVersion(
  { number, at, hash, actor, source, reason, text }: ConfigurationVersion,
  running: boolean,
): AdminAnswer<'listConfigurations'>['versions'][number] {
  const restorable = text !== undefined
  return { number, at: toMoment(at), hash, actor, source, reason, running, restorable }
}

const noFile = defineProblem(
  'CONFLICT',
  'the gateway was started without a configuration file; start it with --config to change it here',
)
const noVersion = defineProblem('NOT_FOUND', 'no such configuration ran, or it is no longer kept')
const noText = defineProblem('CONFLICT', 'that configuration came from the command line and has no text')
