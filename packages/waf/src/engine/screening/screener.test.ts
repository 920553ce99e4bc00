import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ManualClock } from '@gateward/kernel'
import type { ByteString } from '../../language/bytes.ts'
import { CollectionStore } from '../collection-store.ts'
import { ask, headOf, wafOf } from '../testing.ts'

const operators = [
  '@rx ^[a-c]+$',
  "@rx (?i)'\\s*OR",
  '@pm foo bar',
  '@contains ab',
  '@rx \\d{2,}',
  '@detectSQLi',
]
const chains = [
  't:none',
  't:none,t:lowercase',
  't:none,t:urlDecodeUni,t:removeWhitespace',
  't:none,t:hexEncode',
  't:none,t:urlDecodeUni,t:removeWhitespace,multiMatch',
]

/** Every operator with every chain, once as rules that can be screened, once behind a count that keeps them serial. */
function rulesOf(isSerial: boolean): string {
  const pairs = operators.flatMap((operator) => chains.map((chain) => [operator, chain] as const))
  return pairs
    .map(([operator, chain], index) => {
      const target = isSerial
        ? 'MATCHED_VAR|ARGS|ARGS_NAMES|REQUEST_HEADERS:Host'
        : 'ARGS|ARGS_NAMES|REQUEST_HEADERS:Host'
      return `SecRule ${target} "${operator}" "id:${index + 1},${chain},ctl:auditEngine=On"`
    })
    .join('\n')
}

const word = fc.constantFrom(
  'a',
  'b',
  'c',
  'AB',
  'foo',
  'BaR',
  '12',
  "'",
  ' or ',
  ' ',
  '%20',
  '=1',
  '\xff',
  '--',
)

test('screened rules match what serial rules match', () => {
  const screened = wafOf(rulesOf(false))
  const serial = wafOf(rulesOf(true))
  fc.assert(
    fc.property(fc.array(fc.array(word, { maxLength: 5 }), { maxLength: 16 }), (values) => {
      const query = values.map((words, index) => `k${index}=${encodeURIComponent(words.join(''))}`).join('&')
      const request = { target: `/?${query}`, headers: { Host: values[0]?.join('') ?? 'shop' } }
      const found = ask(serial, request).transaction.matches.filter(
        ({ variable }) => variable !== 'MATCHED_VAR',
      )
      assert.deepEqual(
        ask(screened, request).ids,
        found.map(({ id }) => id),
      )
    }),
    { numRuns: 150 },
  )
})

test('of many values those that are the same are found each, wherever they stand', () => {
  const waf = wafOf('SecRule ARGS|!ARGS:raw "@rx ^bad$" "id:1"\nSecRule ARGS:only "@rx ^bad$" "id:2"')
  const query = (pairs: readonly string[]) => `/?${pairs.join('&')}`
  const fill = Array.from({ length: 20 }, (_, index) => `k${index}=good`)
  assert.deepEqual(ask(waf, { target: query(['raw=bad', ...fill]) }).ids, [])
  assert.deepEqual(ask(waf, { target: query(['raw=bad', ...fill, 'x=bad']) }).ids, [1])
  assert.deepEqual(ask(waf, { target: query(['x=bad', ...fill, 'only=bad', 'y=bad']) }).ids, [1, 1, 1, 2])
})

test('a gate that opens while the phase runs lets its rules be asked', () => {
  const waf = wafOf(`SecAction "id:1,phase:2,nolog,setvar:tx.level=1"
    SecRule ARGS "@rx ^first$" "id:2,phase:2"
    SecRule ARGS:raise "@rx ." "id:3,phase:2,nolog,setvar:tx.level=3"
    SecRule TX:level "@lt 2" "id:4,phase:2,nolog,skipAfter:END"
    SecRule ARGS "@rx ^second$" "id:5,phase:2"
    SecMarker "END"`)
  assert.deepEqual(ask(waf, { target: '/?x=second' }).ids, [])
  assert.deepEqual(ask(waf, { target: '/?x=second&raise=1' }).ids, [5])
  assert.deepEqual(ask(waf, { target: '/?x=first' }).ids, [2])
})

test('names seen before are answered as they were the first time', () => {
  const waf = wafOf('SecRule ARGS_NAMES "@rx ^bad" "id:1"')
  const ids = ['/?bad=1', '/?good=1', '/?bad=1', '/?good=1&bad2=1'].map((target) => ask(waf, { target }).ids)
  assert.deepEqual(ids, [[1], [], [1], [1]])
})

test('no request stops the engine', () => {
  const waf = wafOf(`${rulesOf(false)}
    SecRule REQUEST_BODY|XML:/*|FILES|MULTIPART_PART_HEADERS|TX:/./ "@rx (.)(.)?" "id:900,capture,setvar:'tx.%{matched_var_name}=%{tx.1}'"
    SecRule &ARGS "@gt 1" "id:901,logdata:'%{args.a}%{nothing.here}'"`)
  const text = fc
    .string({ unit: 'binary', maxLength: 60 })
    .map((value) => Buffer.from(value).toString('latin1'))
  const type = fc.constantFrom('application/json', 'text/xml', 'multipart/form-data; boundary=a', 'x', '')
  fc.assert(
    fc.property(text, text, text, type, (target, header, body, contentType) => {
      ask(waf, { target, headers: { [header]: header, 'Content-Type': contentType, Cookie: header }, body })
    }),
    { numRuns: 150 },
  )
})

test('phases may be left out, as where a client went away', () => {
  const waf = wafOf('SecAction "id:1,phase:5"')
  const transaction = waf.begin(headOf({}))
  transaction.logging()
  assert.deepEqual(
    transaction.matches.map(({ id }) => id),
    [1],
  )
})

test('the store of collections keeps the records that were used last', () => {
  const store = new CollectionStore(new ManualClock(), 60)
  store.open('IP', 'first' as ByteString).set('x', '1' as ByteString)
  for (let index = 0; index < 9_999; index += 1) store.open('IP', String(index) as ByteString)
  assert.equal(store.open('IP', 'first' as ByteString).get('X'), '1')
  for (let index = 0; index < 10_001; index += 1) store.open('IP', `other ${index}` as ByteString)
  assert.equal(store.size, 10_000)
  assert.equal(store.open('IP', 'first' as ByteString).get('x'), undefined)
})

test('a key that a rule leaves out is not asked about, and its neighbours are', () => {
  const waf = wafOf(
    'SecRule REQUEST_HEADERS|!REQUEST_HEADERS:X-Raw "@rx bad" "id:1,phase:2,t:none,multiMatch"',
  )
  assert.deepEqual(ask(waf, { headers: { 'X-Raw': 'bad' } }).ids, [])
  assert.deepEqual(ask(waf, { headers: { 'X-Raw': 'bad', 'X-Other': 'bad' } }).ids, [1])
})
