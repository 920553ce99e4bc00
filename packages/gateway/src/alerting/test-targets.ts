import { randomUUID } from 'node:crypto'
import { toFault, type Clock } from '@gateward/kernel'
import type { AlertChange } from './alert-engine.ts'
import { kindsOf, type AlertSettings } from './settings.ts'
import { createTarget } from './targets/create-target.ts'

/** What became of a test alert at one target. */
export interface TargetTest {
  readonly target: string
  readonly kind: string
  readonly delivered: boolean
  /** Why not; `undefined` where it was delivered. */
  readonly reason: string | undefined
  readonly milliseconds: number
}

/** Sends one alert that says it is a test to each target, once, whatever its settings would keep from it. */
export async function testAlertTargets(
  { targets }: AlertSettings,
  names: readonly string[],
  clock: Clock,
  gateway: string,
): Promise<readonly TargetTest[]> {
  return Promise.all(
    names.map(async (name): Promise<TargetTest> => {
      const settings = targets[name]
      if (settings === undefined) throw new Error(`there is no target ${name}`)
      const started = clock.tick()
      const result = { target: name, kind: kindsOf(settings)[0] ?? '' }
      try {
        await using target = createTarget(settings)
        const at = clock.now()
        await target.send({ id: `msg_${randomUUID()}`, at, gateway, changes: [testChange(at)] })
        return { ...result, delivered: true, reason: undefined, milliseconds: clock.tick() - started }
      } catch (thrown) {
        const reason = toFault(thrown).message
        return { ...result, delivered: false, reason, milliseconds: clock.tick() - started }
      }
    }),
  )
}

function testChange(at: number): AlertChange {
  const alert = {
    id: randomUUID(),
    rule: 'test',
    subject: 'gateward alerts test',
    severity: 'low' as const,
    state: 'firing' as const,
    openedAt: at,
    lastAt: at,
    resolvedAt: undefined,
    escalatedAt: undefined,
    count: 1,
    summary: 'This is a test. Nothing is wrong.',
    details: ['Somebody ran gateward alerts test to see whether alerts arrive here.'],
    silenced: false,
    acknowledgement: undefined,
  }
  return { change: 'firing', alert }
}
