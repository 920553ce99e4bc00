import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { loadConfiguration } from '../config/load.ts'
import { openTestExchange } from '../exchange/testing.ts'
import { openTestBench } from '../guards/testing.ts'
import { createSiteHolder, type Running, type SiteHolderOptions } from './reload.ts'
import type { Plan, Site } from './site.ts'

interface Fixture {
  readonly holder: ReturnType<typeof createSiteHolder>
  readonly swaps: Running[]
  readonly write: (name: string, text: string) => void
}

const contract = (path: string): string => `openapi: 3.1.0
info: { title: Shop, version: '1' }
paths: { ${path}: { get: { operationId: one, security: [], responses: { '200': { description: fine } } } } }
`

const settings = (port: number): string =>
  `version: 1\napis: { shop: { contract: ./shop.yaml, upstream: http://127.0.0.1:${port} } }\n`

async function open(context: TestContext, options: Partial<SiteHolderOptions> = {}): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'gateward-reload-'))
  const file = join(directory, 'gateward.yaml')
  const bench = await openTestBench()
  const swaps: Running[] = []
  const holder = createSiteHolder({
    load: () => loadConfiguration({ file, env: {} }),
    services: () => bench.services,
    clock: bench.clock,
    onSwap: (running) => swaps.push(running),
    ...options,
  })
  context.after(async () => {
    await holder[Symbol.asyncDispose]()
    await bench[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true })
  })
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text)
  write('gateward.yaml', settings(3000))
  write('shop.yaml', contract('/a'))
  return { holder, swaps, write }
}

function planOf(site: Site, path: string): Plan {
  return site.match(openTestExchange({ host: 'shop.example', path }).request).plan
}

function upstreamOf(site: Site) {
  return site.apis[0]?.upstream
}

test('a reload puts the next site in place of the running one, which its exchanges keep', async (context) => {
  const { holder, swaps, write } = await open(context)
  assert.throws(() => holder.current())
  const first = await holder.reload('start')
  assert.equal(first.swapped, true)
  const before = holder.current()
  write('shop.yaml', contract('/b'))
  const second = await holder.reload('file')
  assert.equal(second.swapped, true)
  assert.notEqual(second.hash, first.hash)
  assert.equal(planOf(before, '/a').destination.kind, 'upstream')
  assert.equal(planOf(holder.current(), '/a').destination.kind, 'problem')
  assert.equal(planOf(holder.current(), '/b').destination.kind, 'upstream')
  assert.equal(swaps.length, 2)
})

test('a bad configuration or contract leaves the running site in place and says why', async (context) => {
  const { holder, swaps, write } = await open(context)
  await holder.reload('start')
  const running = holder.current()
  for (const [name, text] of [
    ['gateward.yaml', 'version: 2'],
    ['gateward.yaml', '{'],
    ['shop.yaml', 'openapi: 2.0'],
    ['shop.yaml', contract('/{a}{b}')],
  ] as const) {
    write('gateward.yaml', settings(3000))
    write('shop.yaml', contract('/a'))
    write(name, text)
    const outcome = await holder.reload('file')
    assert.equal(outcome.swapped, false, text)
    assert.ok(outcome.diagnostics.length > 0, text)
    assert.ok(outcome.files.length > 0, text)
    assert.equal(outcome.hash, running.hash)
    assert.equal(holder.current(), running)
  }
  assert.equal(swaps.length, 1)
})

test('a first site that is bad leaves nothing running, and a good one can follow', async (context) => {
  const { holder, write } = await open(context)
  write('gateward.yaml', 'version: 2')
  assert.equal((await holder.reload('start')).swapped, false)
  assert.throws(() => holder.current())
  write('gateward.yaml', settings(3000))
  assert.equal((await holder.reload('file')).swapped, true)
})

test('an upstream with the same settings is kept over reloads, another one is made anew', async (context) => {
  const { holder, write } = await open(context)
  await holder.reload('start')
  const first = upstreamOf(holder.current())
  write('shop.yaml', contract('/b'))
  await holder.reload('file')
  assert.equal(upstreamOf(holder.current()), first)
  write('gateward.yaml', settings(3001))
  await holder.reload('file')
  assert.notEqual(upstreamOf(holder.current()), first)
})

test('calls during a build share the one that follows it, and builds never overlap', async (context) => {
  const loads = { started: 0, under: 0, most: 0 }
  const fixture = await open(context)
  const file = join(tmpdir(), 'gateward-no-such-file.yaml')
  const holder = createSiteHolder({
    load: async () => {
      loads.started++
      loads.most = Math.max(loads.most, ++loads.under)
      const reading = await loadConfiguration({ file, env: {} })
      loads.under--
      return reading
    },
    services: () => assert.fail('a configuration that cannot be read has no services'),
    clock: { now: () => 0, tick: () => 0 },
  })
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => holder.reload(`${index}`)))
  assert.deepEqual(loads, { started: 2, under: 0, most: 1 })
  assert.equal(new Set(outcomes).size, 2)
  await holder[Symbol.asyncDispose]()
  assert.ok(fixture)
})

test('what is thrown during a build is an outcome, and the next build goes on', async (context) => {
  const bench = await openTestBench()
  context.after(() => bench[Symbol.asyncDispose]())
  const faults: unknown[] = []
  let broken = true
  const { holder } = await open(context, {
    onFault: (thrown) => faults.push(thrown),
    services: () => {
      if (broken) throw new Error('boom')
      return bench.services
    },
  })
  const outcome = await holder.reload('start')
  assert.equal(outcome.swapped, false)
  assert.match(outcome.diagnostics[0]?.message ?? '', /boom/)
  assert.equal(faults.length, 1)
  broken = false
  assert.equal((await holder.reload('again')).swapped, true)
})

test('what fails after the swap is told, and the new site runs', async (context) => {
  const faults: unknown[] = []
  const { holder } = await open(context, {
    onFault: (thrown) => faults.push(thrown),
    onSwap: () => {
      throw new Error('boom')
    },
  })
  assert.equal((await holder.reload('start')).swapped, true)
  assert.equal(faults.length, 1)
  assert.equal(planOf(holder.current(), '/a').destination.kind, 'upstream')
})

test('a holder that was disposed of during a build does not swap', async (context) => {
  const { holder } = await open(context)
  const building = holder.reload('start')
  await holder[Symbol.asyncDispose]()
  assert.equal((await building).swapped, false)
  assert.throws(() => holder.current())
})
