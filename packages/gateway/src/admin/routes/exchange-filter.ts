import type { Geography } from '../../geography/geography.ts'
import { maskTo, parseAddress, parseNetwork } from '../../guards/address/network.ts'
import type { ExchangeRecord } from '../../observe/records/exchange-record.ts'
import type { AdminQuery } from '../contract.ts'

type Query = NonNullable<AdminQuery<'listExchanges'>>
type Test = (record: ExchangeRecord) => boolean

/** Whether a record is one of those that are asked for; `undefined` where `client` names no network. */
export function compileExchangeFilter(query: Query, geography: Geography): Test | undefined {
  const { api, operation, consumer, client, country, code, guard, rule, dataClass, status, outcome } = query
  const until = query.until === undefined ? undefined : new Date(query.until).toISOString()
  const since = query.since === undefined ? undefined : new Date(query.since).toISOString()
  const needle = query.search?.toLowerCase()
  const isClient = client === undefined ? undefined : compileNetwork(client)
  if (client !== undefined && isClient === undefined) return undefined
  const tests: Test[] = []
  if (api !== undefined) tests.push((record) => record.api === api)
  if (operation !== undefined) tests.push((record) => record.operation === operation)
  if (consumer !== undefined) tests.push((record) => record.consumer === consumer)
  if (isClient !== undefined) tests.push((record) => isClient(record.client))
  if (country !== undefined) tests.push((record) => geography.locate(record.client).country === country)
  if (code !== undefined) tests.push((record) => record.code === code)
  if (guard !== undefined) tests.push((record) => refusalsOf(record).some((entry) => entry.guard === guard))
  if (rule !== undefined) tests.push((record) => rulesOf(record).has(rule))
  if (dataClass !== undefined)
    tests.push((record) => disclosuresOf(record).some((entry) => entry.dataClass === dataClass))
  if (status !== undefined) tests.push((record) => record.status === status)
  if (outcome !== undefined) tests.push((record) => outcomesOf(record).includes(outcome))
  if (since !== undefined) tests.push((record) => record.time >= since)
  if (until !== undefined) tests.push((record) => record.time <= until)
  if (needle !== undefined)
    tests.push((record) => searched(record).some((text) => text?.toLowerCase().includes(needle)))
  return (record) => tests.every((test) => test(record))
}

/** What guards refused, or would have in shadow, or broke at. */
export function refusalsOf({ guards }: ExchangeRecord): ExchangeRecord['guards'] {
  return guards.filter(({ verdict }) => verdict === 'refuse' || verdict === 'fault')
}

/** The ids of the WAF's rules that matched: those of the record, and those that a verdict names. */
export function rulesOf({ guards, waf }: ExchangeRecord): ReadonlySet<number> {
  const named = guards.flatMap(({ guard, note }) =>
    guard === 'waf' && note !== undefined ? [...note.matchAll(/\brule (\d{1,10})\b/g)] : [],
  )
  return new Set([...(waf?.rules ?? []).map(({ id }) => id), ...named.map(([, id]) => Number(id))])
}

function compileNetwork(text: string): ((address: string) => boolean) | undefined {
  const network = parseNetwork(text)
  if (typeof network === 'string') return undefined
  return (client) => {
    const address = parseAddress(client)
    return address?.family === network.family && maskTo(address, network.prefix) === network.value
  }
}

function searched(record: ExchangeRecord): readonly (string | undefined)[] {
  const { id, path, client, consumer, label, credential, operation, code } = record
  return [id, path, client, consumer, label, credential, operation, code]
}

function outcomesOf(record: ExchangeRecord): readonly string[] {
  const shadow = refusalsOf(record).some(({ mode }) => mode === 'shadow') ? ['shadow'] : []
  if (record.code === undefined && record.status < 500) return ['passed', ...shadow]
  return [record.status >= 500 ? 'failed' : 'refused', ...shadow]
}

/** What became of the values of a class in one answer. */
interface Disclosure {
  readonly dataClass: string
  readonly revealed: number
  readonly concealed: number
}

/** How many values of which class an answer showed or concealed, as the masking guard noted it. */
export function disclosuresOf({ guards }: ExchangeRecord): readonly Disclosure[] {
  return guards.flatMap(({ guard, note }) => {
    if (guard !== 'masking' || note === undefined) return []
    return note.split('; ').flatMap((part) => {
      const [, what, list = ''] = /^(revealed|concealed) (.+)$/.exec(part) ?? []
      return list.split(', ').flatMap((entry) => {
        const [, count, dataClass] = /^(\d{1,9}) ([a-z][\w.-]*)$/.exec(entry) ?? []
        if (count === undefined || dataClass === undefined) return []
        const isRevealed = what === 'revealed'
        return {
          dataClass,
          revealed: isRevealed ? Number(count) : 0,
          concealed: isRevealed ? 0 : Number(count),
        }
      })
    })
  })
}
