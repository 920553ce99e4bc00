import * as fc from 'fast-check'
import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { openTestExchange } from '../../exchange/testing.ts'
import type { Guard, Verdict } from '../guard.ts'
import { openTestBench, type TestBench } from '../testing.ts'
import { AddressList } from './address-list.ts'
import { addressGuard } from './guard.ts'
import { parseAddress, parseNetwork } from './network.ts'
import { addressSettings } from './settings.ts'

describe('the address guard', () => {
  let bench: TestBench
  before(async () => {
    bench = await openTestBench()
  })
  after(async () => bench[Symbol.asyncDispose]())

  const compile = (settings: Readonly<Record<string, unknown>>): Guard => {
    const guard = bench.compile(addressGuard, settings)
    assert.ok(guard)
    return guard
  }

  it('is not there where nothing is listed', () => {
    assert.equal(bench.compile(addressGuard), undefined)
  })

  it('refuses what is denied with 403 and says why in the log alone', () => {
    const guard = compile({ deny: [{ cidr: '203.0.113.0/24', reason: 'scraper' }] })
    const verdict = ask(guard, '203.0.113.77')
    assert.ok(verdict?.kind === 'refuse')
    assert.deepEqual([verdict.problem.status, verdict.problem.code], [403, 'ADDRESS_DENIED'])
    assert.match(verdict.problem.reason, /scraper/)
    assert.equal(ask(guard, '203.0.112.255')?.kind, 'pass')
    assert.equal(ask(guard, '203.0.114.0')?.kind, 'pass')
  })

  it('lets nobody but the allowed in where some are', () => {
    const guard = compile({ allow: ['10.0.0.0/8', '2001:db8::/32'] })
    assert.deepEqual(
      ['10.255.255.255', '2001:db8:ffff::1', '11.0.0.0', '2001:db9::', '::1', 'nonsense', ''].map(
        (address) => ask(guard, address)?.kind,
      ),
      ['pass', 'pass', 'refuse', 'refuse', 'refuse', 'refuse', 'refuse'],
    )
  })

  it('lets deny win over allow, however narrow the allowance', () => {
    const guard = compile({ allow: ['10.0.0.7'], deny: ['10.0.0.0/8'] })
    assert.equal(ask(guard, '10.0.0.7')?.kind, 'refuse')
  })

  it('reads an IPv4 address mapped into IPv6 as the IPv4 address, in lists and in requests', () => {
    const guard = compile({ deny: ['::ffff:192.0.2.0/120', '198.51.100.0/24'] })
    for (const address of ['192.0.2.9', '::ffff:192.0.2.9', '::ffff:c633:6401', '198.51.100.1'])
      assert.equal(ask(guard, address)?.kind, 'refuse', address)
  })

  it('tells entries that have ended, and ends others when their time comes', () => {
    const guard = compile({
      deny: [
        { cidr: '192.0.2.1', reason: 'old', expires: '2020-01-01' },
        { cidr: '192.0.2.2', expires: new Date(bench.clock.now() + 1_000).toISOString() },
      ],
    })
    assert.deepEqual(
      bench.diagnostics.map(({ code, severity }) => [code, severity]),
      [['expired-entry', 'warning']],
    )
    assert.match(bench.diagnostics[0]?.message ?? '', /deny\[0\] \(old\)/)
    assert.equal(ask(guard, '192.0.2.1')?.kind, 'pass')
    assert.equal(ask(guard, '192.0.2.2')?.kind, 'refuse')
    bench.clock.advance(1_000)
    assert.equal(ask(guard, '192.0.2.2')?.kind, 'pass')
  })

  it('stays closed when the last allowance has ended', () => {
    const guard = compile({ allow: [{ cidr: '0.0.0.0/0', expires: '2020-01-01' }] })
    assert.equal(ask(guard, '192.0.2.1')?.kind, 'refuse')
  })

  it('agrees with the BlockList of Node on any list and address', () => {
    const plainIpV6 = fc.ipV6().filter((address) => !address.includes('.'))
    const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
    const ipv6 = fc.tuple(plainIpV6, fc.integer({ min: 0, max: 128 }))
    const near = fc.constantFrom('10.0.0.0', '10.0.0.255', '10.0.1.0', '2001:db8::', '2001:db8::ffff')
    fc.assert(
      fc.property(
        fc.array(fc.oneof(ipv4, ipv6, fc.tuple(near, fc.integer({ min: 0, max: 32 }))), { maxLength: 20 }),
        fc.array(fc.oneof(fc.ipV4(), plainIpV6, near), { minLength: 1, maxLength: 10 }),
        (written, addresses) => {
          // Node counts IPv4 among the IPv6 networks that hold the mapped addresses; here the families are apart.
          const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
          const entries = written.flatMap(([address, prefix]) => {
            const network = toNetwork(address, prefix)
            lists[familyOf(address)].addSubnet(address, prefix, familyOf(address))
            return [{ network, reason: undefined, expires: undefined }]
          })
          const own = new AddressList(entries)
          for (const address of addresses) {
            const numeric = parseAddress(address)
            assert.ok(numeric)
            const expected = lists[familyOf(address)].check(address, familyOf(address))
            assert.equal(
              own.find(numeric, 0) !== undefined,
              expected,
              `${address} in ${JSON.stringify(written)}`,
            )
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  for (const text of [
    '10.0.0.1/8',
    '10.0.0.0/33',
    '2001:db8::1/64',
    '::/129',
    '10.0.0',
    '010.0.0.1',
    '0x7f.1',
    '10.0.0.0/',
    '10.0.0.0/-1',
    'fe80::1%eth0',
    '::1.2.3.4',
    'example.com',
    '',
  ]) {
    it(`refuses the entry ${JSON.stringify(text)} in settings`, () => {
      assert.equal(addressSettings.safeParse({ deny: [text] }).success, false)
    })
  }

  it('says how to write a network with bits behind its prefix', () => {
    assert.match(mistakeIn('10.1.2.3/8'), /write 10\.0\.0\.0\/8$/)
    assert.match(mistakeIn('2001:db8::1/32'), /write 2001:db8::\/32$/)
  })
})

function ask(guard: Guard, address: string): Verdict | undefined {
  const verdict = guard.onRequest?.(openTestExchange({ address }))
  assert.ok(!(verdict instanceof Promise))
  return verdict
}

function mistakeIn(text: string): string {
  const network = parseNetwork(text)
  return typeof network === 'string' ? network : ''
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4'
}

function toNetwork(address: string, prefix: number): Exclude<ReturnType<typeof parseNetwork>, string> {
  const numeric = parseAddress(address)
  assert.ok(numeric)
  const bits = numeric.family === 4 ? 32 : 128
  const shift = BigInt(bits - prefix)
  return { ...numeric, value: (numeric.value >> shift) << shift, prefix }
}
