import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as assertProperty, property, uint8Array } from 'fast-check'
import { readRawRequest } from './read-raw-request.ts'

const read = (text: string) => readRawRequest(Buffer.from(text, 'latin1'))

test('a request is read with its fields in order and its body as long as it says', () => {
  const request = read('POST /a?b=c HTTP/1.1\r\nHost: x\r\nX: 1\r\nx:2 \r\nContent-Length: 3\r\n\r\nabcdef')
  assert.equal(request.method, 'POST')
  assert.equal(request.target, '/a?b=c')
  assert.equal(request.protocol, 'HTTP/1.1')
  assert.deepEqual(request.headers.slice(1, 3), [
    ['X', '1'],
    ['x', '2'],
  ])
  assert.equal(request.body.toString(), 'abc')
})

test('chunks are joined, and what breaks off is what came of it', () => {
  const head = 'POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n'
  assert.equal(read(`${head}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`).body.toString(), 'abcde')
  assert.equal(read(`${head}9\r\nabc`).body.toString(), 'abc')
  assert.equal(read(`${head}not chunks`).body.toString(), 'not chunks')
})

test('methods, targets and versions that no parser takes stand for themselves', () => {
  const lines = [
    ['GET / HTTP/4.0', 'GET', '/', 'HTTP/4.0'],
    ['|GET /a b HTTP/1.1', '|GET', '/a b', 'HTTP/1.1'],
    ['GET /caf\xc3\xa9', 'GET', '/caf\xc3\xa9', 'HTTP/0.9'],
    ['', '', '', 'HTTP/0.9'],
    ['GET', 'GET', '', 'HTTP/0.9'],
  ] as const
  for (const [line, ...expected] of lines) {
    const { method, target, protocol } = read(`${line}\r\n\r\n`)
    assert.deepEqual([method, target, protocol], expected)
  }
})

test('any bytes are read, and quickly', () => {
  assertProperty(property(uint8Array({ maxLength: 300 }), (bytes) => void readRawRequest(Buffer.from(bytes))))
  assert.equal(readRawRequest(Buffer.from(`${'\r\n'.repeat(50_000)}x`)).line, '')
})
