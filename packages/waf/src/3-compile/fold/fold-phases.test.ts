import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ask, ruleSetOf } from '../../engine/testing.ts'
import { Waf } from '../../engine/waf.ts'
import type { RuleSet } from '../compile-rules.ts'
import { planScreens } from '../screen-plan.ts'

/** The same rules as they stand, nothing worked out at load; skips are by number alone. */
function unfolded(ruleSet: RuleSet): RuleSet {
  const phases = ruleSet.phases.map((_, phase) => {
    const rules = ruleSet.rules.filter((rule) => rule.phase === phase)
    const next = Int32Array.from(rules, ({ skip }, index) => Math.min(rules.length, index + 1 + skip))
    return { rules, next, screens: planScreens(rules, next) }
  })
  return { ...ruleSet, phases }
}

const key = fc.constantFrom('a', 'b', 'C', '1', 'p_x')
const value = fc.constantFrom('0', '1', '2', '%{tx.a}', '%{tx.c}', '%{request_method}')
const setvar = fc
  .tuple(key, fc.constantFrom('=', '=+', '=-', '!'), value)
  .map(([name, sign, what]) => (sign === '!' ? `setvar:!tx.${name}` : `setvar:'tx.${name}${sign}${what}'`))
const condition = fc.oneof(
  key.map((name) => `TX:${name} "@ge 1"`),
  key.map((name) => `TX:${name} "!@eq %{tx.b}"`),
  key.map((name) => `&TX:${name} "@eq 0"`),
  fc.constantFrom('ARGS "@rx ^(.)$"', 'ARGS:x "@streq 1"', 'TX:/^p_/ "@rx ."', '&ARGS "@gt 1"'),
)
const actions = fc
  .tuple(
    fc.array(setvar, { maxLength: 2 }),
    fc.constantFrom('', 'skip:1', 'skip:3', 'capture', 'allow:phase', 'deny', "setvar:'tx.p_%{args.x}=1'"),
    fc.constantFrom('', '', '', 'ctl:ruleRemoveById=3-6', 'ctl:ruleRemoveById=1-99'),
    fc.constantFrom('nolog', 'nolog', 'log'),
  )
  .map(([setvars, flow, control, log]) => [...setvars, flow, control, log].filter(Boolean).join())
const chained = fc.oneof(
  condition,
  fc.constantFrom(
    'MATCHED_VAR "@rx 1"',
    'MATCHED_VARS "@ge 1"',
    '&MATCHED_VARS "@ge 2"',
    'ARGS "@rx %{matched_vars}"',
  ),
)
const rule = fc.tuple(
  fc.option(condition),
  actions,
  fc.constantFrom(1, 1, 2, 3),
  fc.array(fc.tuple(chained, fc.option(setvar, { freq: 2 })), { maxLength: 2 }),
)

const dump = [1, 2, 3, 5]
  .map(
    (phase) =>
      `SecRule TX:/./ "@unconditionalMatch" "id:${900 + phase},phase:${phase},logdata:'%{matched_var_name}=%{matched_var}'"`,
  )
  .join('\n')

test('folding at load changes nothing that a request can show', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 14 }),
      fc.constantFrom('/', '/?x=1', '/?x=1&y=2', '/?y=zz'),
      (rules, target) => {
        const lines = rules.map(([about, does, phase, links], index) => {
          const rest = `id:${index + 1},phase:${phase},${does}`
          if (about === null) return `SecAction "${rest}"`
          const chain = links.map(([next, sets], place) => {
            const actions = [sets, place < links.length - 1 ? 'chain' : null].filter(Boolean).join()
            return `SecRule ${next} "${actions === '' ? 't:none' : actions}"`
          })
          const own = `${rest},logdata:'%{matched_var}'${links.length > 0 ? ',chain' : ''}`
          return [`SecRule ${about} "${own}"`, ...chain].join('\n')
        })
        const ruleSet = ruleSetOf([...lines, dump].join('\n'))
        const [folded, plain] = [ruleSet, unfolded(ruleSet)].map((set) => {
          const { transaction, verdict } = ask(new Waf(set), { target })
          return { verdict, found: transaction.matches.map(({ id, data }) => `${id} ${data}`).toSorted() }
        })
        assert.deepEqual(folded, plain, lines.join('\n'))
      },
    ),
    { numRuns: 400 },
  )
})

test('levels, defaults and markers that no request can change are gone at load', () => {
  const ruleSet = ruleSetOf(`SecAction "id:1,phase:1,nolog,pass,setvar:tx.level=1"
    SecRule &TX:limit "@eq 0" "id:2,phase:1,nolog,pass,setvar:tx.limit=%{tx.level}0"
    SecRule TX:level "@lt 1" "id:3,phase:2,nolog,pass,skipAfter:END"
    SecRule ARGS "@gt %{tx.limit}" "id:4,phase:2,log,pass"
    SecRule TX:level "@lt 2" "id:5,phase:2,nolog,pass,skipAfter:END"
    SecRule ARGS "@gt 0" "id:6,phase:2,log,pass"
    SecMarker "END"
    SecRule ARGS "@gt 20" "id:7,phase:2,log,pass"`)
  assert.deepEqual(
    ruleSet.phases.map(({ rules }) => rules.map(({ id }) => id)),
    [[], [1], [4, 7], [], [], []],
  )
  assert.deepEqual(ask(new Waf(ruleSet), { target: '/?x=10' }).ids, [])
  assert.deepEqual(ask(new Waf(ruleSet), { target: '/?x=15' }).ids, [4])
})

test('a switch that is on is no link of a chain any more, unless the links behind it could tell', () => {
  const linksOf = (rest: string) =>
    ruleSetOf(`SecAction "id:1,phase:1,nolog,pass,setvar:tx.check=1"
      SecRule TX:check "@eq 1" "id:2,phase:2,deny,chain"
      ${rest}`).phases[2]?.rules.map(({ links }) => links.length)
  assert.deepEqual(linksOf(`SecRule ARGS "@rx ^a" "setvar:tx.a=%{matched_var}"`), [1])
  assert.deepEqual(linksOf(`SecRule ARGS "@rx ^a" "chain"\nSecRule ARGS "@rx b$"`), [2])
  assert.deepEqual(linksOf(`SecRule &MATCHED_VARS "@eq 1"`), [2])
  assert.deepEqual(linksOf(`SecRule ARGS "@rx ^a" "setvar:tx.a=%{matched_vars}"`), [2])
})

test('a rule that can be taken away is not worked out, unless what it skips is taken away with it', () => {
  const rules = (taken: string): string => `SecAction "id:1,phase:1,nolog,pass,setvar:tx.level=1"
    SecRule ARGS:off "@eq 1" "id:2,phase:1,nolog,pass,ctl:ruleRemoveById=${taken}"
    SecRule TX:level "@lt 2" "id:3,phase:1,nolog,pass,skipAfter:END"
    SecRule ARGS "@eq 1" "id:4,phase:1,log,pass"
    SecMarker "END"`
  const idsOf = (taken: string) => ruleSetOf(rules(taken)).phases[1]?.rules.map(({ id }) => id)
  assert.deepEqual(idsOf('3'), [1, 2, 3, 4])
  assert.deepEqual(idsOf('3-4'), [1, 2])
  assert.deepEqual(ask(new Waf(ruleSetOf(rules('3'))), { target: '/?off=1' }).ids, [4])
  assert.deepEqual(ask(new Waf(ruleSetOf(rules('3-4'))), { target: '/?off=1' }).ids, [])
})
