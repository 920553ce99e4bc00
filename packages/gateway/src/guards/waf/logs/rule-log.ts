import type { Diagnostic } from '@gateward/kernel'
import type { ByteSink } from '../../../observe/byte-writer.ts'
import type { LogFiles } from '../../../observe/log-files.ts'
import { auditJson } from './audit-json.ts'
import { auditNative } from './audit-native.ts'
import { errorLines } from './error-lines.ts'
import type { Inspected } from './inspected.ts'
import { createMask, type Mask } from './mask.ts'
import type { WafLogSettings } from './settings.ts'

/** What the rules of an exchange say about its audit record. */
export interface AuditWish {
  readonly mode: 'on' | 'off' | 'relevant-only'
  readonly parts: string
}

/** Writes what rules found into the files of `guards.waf.logs`. */
export class RuleLog {
  readonly #settings: WafLogSettings
  readonly #mask: Mask
  readonly #errors: ByteSink | undefined
  readonly #audit: ByteSink | undefined

  constructor(settings: WafLogSettings, errors: ByteSink | undefined, audit: ByteSink | undefined) {
    this.#settings = settings
    this.#mask = createMask(settings.mask)
    this.#errors = errors
    this.#audit = audit
  }

  /** Whether exchanges in which nothing matched are written too, so that their end is waited for. */
  get wantsEverything(): boolean {
    return this.#audit !== undefined && this.#settings.auditWhen !== 'matched'
  }

  /** Whether bodies are written, so that they are kept until the end. */
  get wantsBodies(): boolean {
    return (
      this.#audit !== undefined &&
      (this.#settings.auditWhen === 'rules' || /[CEI]/.test(this.#settings.auditParts))
    )
  }

  /** Writes of one exchange; nothing where it has nothing to say. */
  write(inspected: Inspected, wish: AuditWish): void {
    const { matches } = inspected
    if (matches.length > 0) send(this.#errors, errorLines(inspected, this.#mask), matches.length)
    const parts = this.#partsFor(inspected, wish)
    if (this.#audit === undefined || parts === undefined) return
    const format = this.#settings.auditFormat === 'json' ? auditJson : auditNative
    send(this.#audit, format(inspected, parts, this.#mask), 1)
  }

  #partsFor({ matches }: Inspected, wish: AuditWish): string | undefined {
    const { auditWhen, auditParts } = this.#settings
    const isRelevant = matches.some(({ isAudited }) => isAudited)
    if (auditWhen === 'always') return auditParts
    if (auditWhen === 'matched') return isRelevant ? auditParts : undefined
    return wish.mode === 'on' || (wish.mode === 'relevant-only' && isRelevant) ? wish.parts : undefined
  }
}

function send(sink: ByteSink | undefined, text: string, lines: number): void {
  sink?.write(Buffer.from(text), lines)
}

const logs = new WeakMap<WafLogSettings, RuleLog>()

/** The log of some settings, opened once for all operations that share them; `undefined` where there is nothing to write. */
export function openRuleLog(
  settings: WafLogSettings,
  files: LogFiles | undefined,
  report: (diagnostic: Diagnostic) => void,
): RuleLog | undefined {
  if (files === undefined || (settings.errors === undefined && settings.audit === undefined)) return undefined
  const known = logs.get(settings)
  if (known !== undefined) return known
  const open = (path: string | undefined, name: string): ByteSink | undefined => {
    if (path === undefined) return undefined
    try {
      return files.open(path, settings.maxSize)
    } catch (error) {
      report({
        code: 'log-file',
        severity: 'error',
        message: `guards.waf.logs.${name} is ${path}, which cannot be opened: ${error instanceof Error ? error.message : ''}`,
        fix: 'name a file in a folder that this user may write',
      })
      return undefined
    }
  }
  const log = new RuleLog(settings, open(settings.errors, 'errors'), open(settings.audit, 'audit'))
  logs.set(settings, log)
  return log
}
