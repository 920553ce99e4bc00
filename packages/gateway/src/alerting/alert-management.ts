import { randomUUID } from 'node:crypto'
import { closest, DiagnosticError, type Clock } from '@gateward/kernel'
import type { AlertPage, AlertRecord, AlertStore, Silence } from '../store/alert-store.ts'
import { ruleCatalog } from './rule-catalog.ts'

/** What people do with alerts, for the command line and the admin API. */
export interface AlertManagement {
  list(page: AlertPage): Promise<readonly AlertRecord[]>
  /** Keeps alerts of a rule (`*`: all) about a subject (`*`: any) from people for `life` milliseconds. */
  silence(order: {
    readonly rule: string
    readonly subject: string
    readonly life: number
    readonly reason: string
  }): Promise<Silence>
  silences(): Promise<readonly Silence[]>
  find(id: string): Promise<AlertRecord | undefined>
  /** Writes down that `by` looks after a firing alert: nobody is told of it again before it is over. */
  acknowledge(id: string, by: string, note: string): Promise<AlertRecord>
  lift(id: string): Promise<void>
}

/** Milliseconds: what is silenced for ever is forgotten, so nothing is. */
const longestSilence = 30 * 86_400_000

/** Every method throws a {@link DiagnosticError} that says what to do instead, where it cannot do what was asked. */
export function createAlertManagement(store: AlertStore, clock: Clock): AlertManagement {
  return {
    list: async (page) => store.list(page),
    async silence({ rule, subject, life, reason }) {
      checkRule(rule)
      if (!(life > 0 && life <= longestSilence))
        throw mistake(
          'silence-life',
          'a silence is longer than nothing and at most 30d',
          'write --for 2h, say',
        )
      if (reason.trim() === '')
        throw mistake('silence-reason', 'a silence needs a reason', 'say why, for whoever finds it')
      const createdAt = clock.now()
      const silence = { id: randomUUID(), rule, subject, createdAt, until: createdAt + life, reason }
      await store.addSilence(silence)
      return silence
    },
    find: async (id) => store.find(id),
    async acknowledge(id, by, note) {
      const isTaken = await store.acknowledge(id, { by, at: clock.now(), note })
      const alert = await store.find(id)
      if (alert === undefined)
        throw mistake('unknown-alert', `there is no alert ${id}`, 'see all of them: gateward alerts list')
      if (!isTaken) throw mistake('alert-not-open', whyNotOpen(alert), 'there is nothing to do')
      return alert
    },
    silences: async () => store.silences(clock.now()),
    async lift(id) {
      if (!(await store.liftSilence(id)))
        throw mistake(
          'unknown-silence',
          `there is no silence ${id}`,
          'see all of them: gateward alerts silences',
        )
    },
  }
}

function whyNotOpen({ acknowledgement }: AlertRecord): string {
  return acknowledgement === undefined
    ? 'the alert is over'
    : `${acknowledgement.by} acknowledged it at ${new Date(acknowledgement.at).toISOString()}`
}

function checkRule(rule: string): void {
  if (rule === '*' || Object.hasOwn(ruleCatalog, rule)) return
  const near = closest(rule, Object.keys(ruleCatalog))
  const fix =
    near === undefined ? `choose from *, ${Object.keys(ruleCatalog).join(', ')}` : `did you mean "${near}"?`
  throw mistake('unknown-rule', `there is no alert rule "${rule}"`, fix)
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}
