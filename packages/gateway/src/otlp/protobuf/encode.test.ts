import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { readProtobuf, writePublished } from '../testing-receiver.ts'
import { encode } from './encode.ts'
import { exportRequests, type FieldKind, type Message } from './messages.ts'
import { readRejected } from './read-rejected.ts'

const signals = ['traces', 'logs', 'metrics'] as const

describe('protobuf', () => {
  for (const signal of signals)
    it(`of ${signal} is read by the published definitions as it was, whatever it holds`, () => {
      fc.assert(
        fc.property(objectOf(exportRequests[signal]), (value) => {
          const read = readProtobuf(`/v1/${signal}`, encode(exportRequests[signal], value))
          assert.deepEqual(withoutDefaults(read), withoutDefaults(value))
        }),
        { numRuns: 200 },
      )
    })

  it('goes on where it is long: parts that follow one another are one request', () => {
    const spans = Array.from({ length: 300 }, (_, number) => ({ name: `n${number} ${'ü'.repeat(700)}` }))
    const request = { resourceSpans: [{ scopeSpans: [{ spans }] }] }
    const bytes = encode(exportRequests.traces, request)
    assert.deepEqual(readProtobuf('/v1/traces', Buffer.concat([bytes, bytes])), {
      resourceSpans: [...request.resourceSpans, ...request.resourceSpans],
    })
  })

  it('has no room for what OTLP does not know', () => {
    assert.throws(() => encode(exportRequests.traces, { resourceSpan: [] }), /OTLP has no field resourceSpan/)
  })
})

describe('an answer in protobuf', () => {
  it('tells how many were refused', () => {
    const answer = (rejected: number, errorMessage: string) =>
      readRejected(
        writePublished('/v1/traces', { partialSuccess: { rejectedSpans: rejected, errorMessage } }),
      )
    for (const rejected of [0, 1, 127, 128, 70_000]) assert.equal(answer(rejected, 'too late'), rejected)
    assert.equal(answer(3, ''), 3)
  })

  it('that is none says nothing, whatever it is', () => {
    assert.equal(readRejected(Buffer.alloc(0)), 0)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.ok(Number.isSafeInteger(readRejected(bytes)))
      }),
    )
  })
})

/** Any object with some of the members that a message knows. */
function objectOf(message: Message): fc.Arbitrary<Record<string, unknown>> {
  // Of a value there is one member, or none is told by the definitions from another.
  const isOneof = 'stringValue' in message || 'histogram' in message
  const members = Object.entries(message).map(
    ([name, { kind, isPacked }]) => [name, valueOf(name, kind, isPacked)] as const,
  )
  if (!isOneof) return fc.record(Object.fromEntries(members), { requiredKeys: [] })
  const own = members.filter(([name]) => !/Value$|^(?:gauge|sum|histogram)$/.test(name))
  const one = members.filter(([name]) => !own.some(([other]) => other === name))
  return fc.oneof(...one.map(([name, value]) => fc.record({ ...Object.fromEntries(own), [name]: value })))
}

function valueOf(name: string, kind: FieldKind, isPacked: boolean): fc.Arbitrary<unknown> {
  if (typeof kind === 'object') {
    const isList =
      /^(?:resource|scope)(?:Spans|Logs|Metrics)$|^(?:spans|logRecords|metrics|attributes|events|dataPoints)$/
    return isList.test(name) ? fc.array(objectOf(kind), { maxLength: 3 }) : objectOf(kind)
  }
  const one = scalars(name)[kind]
  return isPacked ? fc.array(one, { maxLength: 5 }) : one
}

function scalars(name: string): Readonly<Record<Extract<FieldKind, string>, fc.Arbitrary<unknown>>> {
  const size = name === 'traceId' ? 16 : 8
  return {
    string: fc.string({ unit: 'grapheme' }),
    bool: fc.boolean(),
    enum: fc.integer({ min: 0, max: 2 }),
    int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    fixed32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    fixed64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
    double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    id: fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((bytes) => Buffer.from(bytes).toString('hex')),
  }
}

/** Proto3 tells what is a default from what is missing in a few places alone. */
function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([, each]) =>
          ![undefined, '', 0, '0', false].includes(each as never) &&
          !(Array.isArray(each) && each.length === 0),
      )
      .map(([name, each]) => [name, withoutDefaults(each)]),
  )
}
