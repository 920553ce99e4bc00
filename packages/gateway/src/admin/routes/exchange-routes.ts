import { defineProblem } from '@gateward/kernel'
import { guardOrder } from '../../guards/catalog.ts'
import { explain } from '../../observe/explain.ts'
import { findRecord, type ExchangeRecord } from '../../observe/find-record.ts'
import { searchRecords } from '../../observe/search-records.ts'
import type { AdminAnswer, AdminQuery } from '../contract.ts'
import type { AdminParts } from '../parts.ts'
import { refuse, type AdminRoutes } from './route.ts'

type Exchange = AdminAnswer<'listExchanges'>['exchanges'][number]
type Story = AdminAnswer<'getExchange'>
type Cell = Story['row'][number]

/** Exchanges of the past, and the whole decision about each. */
export function exchangeRoutes({ records }: AdminParts): Pick<AdminRoutes, 'listExchanges' | 'getExchange'> {
  return {
    async listExchanges({ query }) {
      const folder = await records()
      const { search, limit = 100, cursor } = query
      // The one thing that people search most has an index of its own: the text of the files.
      if (search !== undefined && /^[0-9A-Z]{26}$/.test(search)) {
        const record = findRecord(folder, search)
        return { body: { exchanges: record === undefined ? [] : [summarize(record)] } }
      }
      const since = query.since === undefined ? undefined : new Date(query.since).toISOString()
      const page = await searchRecords(folder, {
        matches: matcherOf(query),
        isBeyond: ({ time }) => since !== undefined && time < since,
        limit,
        cursor,
      })
      return {
        body: {
          exchanges: page.records.map(summarize),
          next: page.next,
          searchedDownTo: page.searchedDownTo,
        },
      }
    },

    async getExchange({ path: { id } }) {
      const record = findRecord(await records(), id)
      return record === undefined ? refuse(noRecord) : { body: tell(record) }
    },
  }
}

function matcherOf(query: NonNullable<AdminQuery<'listExchanges'>>): (record: ExchangeRecord) => boolean {
  const { api, operation, consumer, client, code, guard, status, outcome } = query
  const until = query.until === undefined ? undefined : new Date(query.until).toISOString()
  const needle = query.search?.toLowerCase()
  const tests: ((record: ExchangeRecord) => boolean)[] = []
  if (api !== undefined) tests.push((record) => record.api === api)
  if (operation !== undefined) tests.push((record) => record.operation === operation)
  if (consumer !== undefined) tests.push((record) => record.consumer === consumer)
  if (client !== undefined) tests.push((record) => record.client === client)
  if (code !== undefined) tests.push((record) => record.code === code)
  if (guard !== undefined) tests.push((record) => refusalsOf(record).some((entry) => entry.guard === guard))
  if (status !== undefined) tests.push((record) => record.status === status)
  if (outcome !== undefined) tests.push((record) => outcomesOf(record).includes(outcome))
  if (until !== undefined) tests.push((record) => record.time <= until)
  if (needle !== undefined)
    tests.push((record) => searched(record).some((text) => text?.toLowerCase().includes(needle)))
  return (record) => tests.every((test) => test(record))
}

function searched(record: ExchangeRecord): readonly (string | undefined)[] {
  const { id, path, client, consumer, label, credential, operation, code } = record
  return [id, path, client, consumer, label, credential, operation, code]
}

function refusalsOf({ guards }: ExchangeRecord): ExchangeRecord['guards'] {
  return guards.filter(({ verdict }) => verdict === 'refuse' || verdict === 'fault')
}

function outcomesOf(record: ExchangeRecord): readonly string[] {
  const shadow = refusalsOf(record).some(({ mode }) => mode === 'shadow') ? ['shadow'] : []
  if (record.code === undefined && record.status < 500) return ['passed', ...shadow]
  return [record.status >= 500 ? 'failed' : 'refused', ...shadow]
}

function summarize(record: ExchangeRecord): Exchange {
  const { id, time, method, path, api, operation, status, client, configuration } = record
  const { code, consumer, label, tier, credential } = record
  const refusals = refusalsOf(record)
  const decisive = refusals.find(({ mode }) => mode === 'enforce') ?? refusals[0]
  return {
    id,
    time,
    method,
    path,
    api,
    operation,
    status,
    client,
    configuration,
    code,
    refusedBy: decisive?.guard,
    consumer,
    label,
    tier,
    credential,
    milliseconds: record.ms,
    upstreamMilliseconds: record.upstream_ms,
  }
}

function tell(record: ExchangeRecord): Story {
  const text = (name: string) => (typeof record[name] === 'string' ? { [name]: record[name] } : {})
  return {
    exchange: summarize(record),
    reason: record.reason,
    ...text('trace'),
    ...text('protocol'),
    ...text('query'),
    ...(typeof record['bytes'] === 'number' ? { bytes: record['bytes'] } : {}),
    ...(typeof record['whole'] === 'boolean' ? { whole: record['whole'] } : {}),
    row: guardOrder.map((guard) => toCell(record, guard)),
    upstreamAsked: record.upstream_ms !== undefined,
    text: explain(record, guardOrder),
  }
}

function toCell(record: ExchangeRecord, guard: string): Cell {
  const entries = record.guards.filter((entry) => entry.guard === guard)
  return {
    guard,
    state: stateOf(entries),
    verdicts: entries.map(({ phase, verdict, mode, note, code, us }) => ({
      phase,
      verdict,
      mode,
      note,
      code,
      microseconds: us,
    })),
  }
}

function stateOf(entries: ExchangeRecord['guards']): Cell['state'] {
  if (entries.length === 0) return 'never-asked'
  const decisive = entries.find(({ verdict, mode }) => verdict !== 'pass' && mode !== 'shadow')
  if (decisive !== undefined) return states[decisive.verdict]
  return entries.some(({ verdict }) => verdict !== 'pass') ? 'shadow' : 'passed'
}

const states = { pass: 'passed', refuse: 'refused', answer: 'answered', fault: 'failed' } as const

const noRecord = defineProblem(
  'NOT_FOUND',
  "no record of this request: it is older than what is kept (observe.records.maxSize), or another gateway's",
)
