import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judge } from './testing-judge.ts'

describe('anomalies, judged on synthetic traffic', () => {
  for (const seed of [1, 2, 3])
    it(`find at least nine of ten attacks, with at most one false alarm a day and API (seed ${seed})`, () => {
      const { attacks, found, missed, falseAlarms, daysJudged } = judge(seed, { days: 4 })
      assert.ok(found / attacks >= 0.9, `${found} of ${attacks}; missed ${missed.join(', ')}`)
      for (const [api, alarms] of falseAlarms)
        assert.ok(
          alarms.length <= daysJudged,
          `${api}: ${alarms.map(({ explanation }) => explanation).join('\n')}`,
        )
    })

  it('do not flood on the first day of an API, and find the loud attacks of it', () => {
    const { firstDay } = judge(4, { days: 1 })
    for (const [api, alarms] of firstDay) assert.ok(alarms.length <= 1, `${api} ${alarms[0]?.explanation}`)
  })

  it('explain each with numbers', () => {
    const { anomalies } = judge(5, { days: 2 })
    assert.ok(anomalies.length >= 10)
    for (const { explanation } of anomalies) assert.match(explanation, /\d|from [A-Z]{2}/)
  })
})
