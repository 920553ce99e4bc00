import type { Steps } from '@gateward/kernel'
import type { RuleSet } from '../3-compile/compile-rules.ts'
import { bytesOfText } from '../language/bytes.ts'
import { longValue } from '../regex/linear-regexp.ts'
import { CollectionStore } from './collection-store.ts'
import type { EngineParts } from './transaction.ts'
import { WafTransaction } from './transaction.ts'

/** Values in which every detector and most expressions have something to read, so that the runtime compiles them. */
const values: readonly string[] = [
  'hello',
  '42',
  "1' OR '1'='1' -- ",
  '<img src=x onerror=alert(1)>',
  '; cat /etc/passwd | sh $(id)',
  '../../../../etc/passwd',
  'http://169.254.169.254/latest/meta-data/?a=b&c=d',
  '{{ 7*7 }} ${jndi:ldap://x/y} #{1}',
  '*)(uid=*))(|(uid=*',
  'O:8:"stdClass":0:{}',
  'A sentence of prose, with some words; (and) punctuation: "quotes" & more.',
]

const rounds = 3

/**
 * Runs a few transactions of its own, so that the first ones of a stranger find every expression compiled, also for long values: an
 * engine compiles them when they first run, and a budget would count that. Nothing of the transactions is kept.
 */
export function* warmUp(parts: EngineParts): Steps<void> {
  const { clock, ruleSet } = parts
  const own: EngineParts = {
    ...parts,
    budget: Number.POSITIVE_INFINITY,
    store: new CollectionStore(clock, ruleSet.settings.collectionTimeout),
  }
  // Expression by expression and value by value at first: the first transaction would have it all compiled in one turn.
  yield* prepareForLongValues(ruleSet)
  for (const value of values) yield* runOnce(own, requestOf([value]))
  for (let round = 0; round < rounds; round++) for (const request of requests) yield* runOnce(own, request)
  for (const request of hostileRequests(ruleSet)) yield* runOnce(own, request)
}

const hostileValues = 24
const literalsOfValue = 70

/**
 * Long values of what the rules themselves look for: how states are made on the way is to be compiled, too, before a stranger asks
 * for it. Many short ones rather than one, each of which would hold up the requests under way.
 */
function hostileRequests({ phases }: RuleSet): readonly SampleRequest[] {
  const regexes = phases.flatMap(({ rules }) =>
    rules.flatMap(({ links }) => links.flatMap(({ condition }) => condition?.operator.regex ?? [])),
  )
  const literals = regexes.flatMap(({ prefilter }) => prefilter.literals.flatMap((set) => set.slice(0, 2)))
  return Array.from({ length: hostileValues }, (_, value) => {
    const own = literals.filter((_, index) => index % hostileValues === value)
    return requestOf([own.slice(0, literalsOfValue).join(' ')])
  })
}

const longText = 'x'.repeat(longValue)
const everyByte = new Uint32Array(8).fill(0xffff_ffff)

/** Has every expression make what decides about long values, which the first hostile one would wait for otherwise. */
function* prepareForLongValues({ phases }: RuleSet): Steps<void> {
  for (const { links } of phases.flatMap(({ rules }) => rules)) {
    for (const { condition } of links) {
      const regex = condition?.operator.regex
      if (regex === undefined) continue
      regex.prefilter.admitsBytes(everyByte)
      regex.regexp.test(longText)
      yield
    }
  }
}

interface SampleRequest {
  readonly query: string
  readonly type: string
  readonly text: string
}

/** Values as a form that is posted. */
function requestOf(formValues: readonly string[]): SampleRequest {
  return { query: 'a=b', type: 'application/x-www-form-urlencoded', text: toForm(formValues) }
}

const requests: readonly SampleRequest[] = [
  { query: toForm(values), type: 'application/json', text: JSON.stringify({ values }) },
  { ...requestOf(values), query: toForm(values) },
]

function toForm(formValues: readonly string[]): string {
  return formValues.map((value, index) => `f${index}=${encodeURIComponent(value)}`).join('&')
}

function* runOnce(parts: EngineParts, { query, type, text }: SampleRequest): Steps<void> {
  const transaction = new WafTransaction(
    {
      id: 'warm-up',
      method: 'POST',
      target: `/warm/up?${query}`,
      protocol: 'HTTP/1.1',
      headers: [
        ['host', 'localhost'],
        ['user-agent', 'warm-up'],
        ['accept', '*/*'],
        ['cookie', 'a=b; c=d'],
        ['content-type', bytesOfText(type)],
        ['content-length', String(text.length)],
      ],
      clientAddress: '127.0.0.1',
    },
    parts,
  )
  transaction.requestHeaders()
  yield
  transaction.requestBody(Buffer.from(text))
  yield
  transaction.responseHeaders({ status: 200, protocol: 'HTTP/1.1', headers: [['content-type', 'text/html']] })
  transaction.responseBody(Buffer.from(values.join('\n')))
  transaction.logging()
  yield
}
