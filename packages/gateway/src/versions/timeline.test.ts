import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { toPauses } from './brownouts.ts'
import { checkPlan } from './check-plan.ts'
import { compilePlan, stageStarts } from './plan.ts'
import type { PlanSettings } from './settings.ts'

const second = 1_000

function planOf(changes: Partial<PlanSettings>): PlanSettings {
  return {
    reason: 'nobody maintains it',
    insecure: false,
    finding: undefined,
    successor: undefined,
    links: {},
    stages: { deprecated: 0, brownouts: [], readOnly: undefined, retired: undefined },
    forced: undefined,
    exceptions: [],
    ...changes,
  }
}

const instant = fc.integer({ min: 0, max: 1_000 }).map((seconds) => seconds * second)
const length = fc.integer({ min: 1, max: 50 }).map((seconds) => seconds * second)
const brownout = fc.record({
  from: instant,
  for: length,
  every: fc.constant(60 * second),
  until: fc.integer({ min: 1, max: 1_500 }).map((seconds) => seconds * second),
  growTo: fc.option(length, { nil: undefined }),
})
const stages = fc.record({
  deprecated: instant,
  brownouts: fc.array(brownout, { maxLength: 3 }),
  readOnly: fc.option(instant, { nil: undefined }),
  retired: fc.option(instant, { nil: undefined }),
})

test('a timeline asked in any order says what its dates say', () => {
  fc.assert(
    fc.property(stages, fc.array(instant, { minLength: 1, maxLength: 20 }), (written, moments) => {
      const plan = planOf({ stages: written })
      fc.pre(checkPlan(plan).length === 0)
      const { timeline } = compilePlan(plan, undefined)
      const pauses = toPauses(written.brownouts)
      for (const now of moments) {
        const state = timeline.at(now)
        const retired = written.retired !== undefined && now >= written.retired
        const paused = !retired && pauses.some(({ from, to }) => from <= now && now < to)
        const readOnly = written.readOnly !== undefined && now >= written.readOnly
        assert.equal(state.paused, paused)
        assert.equal(state.refuses, retired || paused ? 'everything' : readOnly ? 'changes' : 'nothing')
        assert.ok(now < state.until)
        assert.equal(timeline.at(state.until - 1).refuses, state.refuses)
      }
    }),
  )
})

test('pauses are in order, apart from each other, and as many as the schedule says', () => {
  const schedule = {
    from: 0,
    for: 60 * second,
    every: 600 * second,
    until: 3_000 * second,
    growTo: 300 * second,
  }
  assert.deepEqual(
    toPauses([schedule]).map(({ from, to }) => [from / second, (to - from) / second]),
    [
      [0, 60],
      [600, 120],
      [1_200, 180],
      [1_800, 240],
      [2_400, 300],
    ],
  )
  assert.deepEqual(toPauses([schedule, { from: 30 * second, for: 90 * second }])[0], {
    from: 0,
    to: 120 * second,
  })
  fc.assert(
    fc.property(fc.array(brownout, { maxLength: 4 }), (brownouts) => {
      const pauses = toPauses(brownouts)
      for (const [nth, { from, to }] of pauses.entries()) {
        assert.ok(from < to)
        assert.ok(nth === 0 || from > (pauses[nth - 1]?.to ?? 0))
      }
    }),
  )
})

test('Sunset is never before Deprecation, whatever is forced', () => {
  fc.assert(
    fc.property(
      stages,
      fc.record({
        readOnly: fc.option(instant, { nil: undefined }),
        retired: fc.option(instant, { nil: undefined }),
      }),
      (written, forced) => {
        const plan = planOf({ stages: written, forced, insecure: true, finding: 'CVE-1' })
        fc.pre(checkPlan(plan).length === 0)
        const { announcement, timeline } = compilePlan(plan, undefined)
        const { deprecated = 0, sunset = Number.POSITIVE_INFINITY } = announcement
        assert.ok(deprecated <= sunset)
        const times = timeline.starts.map(({ at }) => at)
        assert.deepEqual(
          times,
          [...times].sort((left, right) => left - right),
        )
      },
    ),
  )
})

test('what is forced takes the stages before it along', () => {
  const written = { deprecated: 100, brownouts: [], readOnly: 200, retired: 300 }
  assert.deepEqual(stageStarts(planOf({ stages: written, forced: { readOnly: undefined, retired: 50 } })), [
    { stage: 'deprecated', at: 50 },
    { stage: 'retired', at: 50 },
  ])
  assert.deepEqual(stageStarts(planOf({ stages: written, forced: { readOnly: 150, retired: undefined } })), [
    { stage: 'deprecated', at: 100 },
    { stage: 'read-only', at: 150 },
    { stage: 'retired', at: 300 },
  ])
})
