import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { compileSchemas } from '../testing.ts'
import { sanitizeSteps } from './sanitize-steps.ts'
import { sanitizeText } from './sanitize-text.ts'
import { stripMarkup } from './strip-markup.ts'

describe('declared sanitising', () => {
  const { body } = compileSchemas(`
Post:
  type: object
  properties:
    title: { type: string, x-gateward: { sanitize: [trim, nfc] } }
    text: { $ref: '#/components/schemas/Text' }
    tags: { type: array, items: { type: string, x-gateward: { sanitize: [trim] } } }
    raw: { type: string }
    reply: { $ref: '#/components/schemas/Post' }
Text: { type: string, x-gateward: { sanitize: [html, control] } }
Plain: { type: object, properties: { a: { type: string } } }
`)

  test('changes the value in place and tells every field it changed', () => {
    const value = {
      title: '  cafe\u0301 ',
      text: '<b>hi</b>\u0000',
      tags: ['a', ' b '],
      raw: ' <b> ',
      reply: { text: '<i>x</i>' },
    }
    assert.deepEqual(body('Post').sanitize(value), [
      { pointer: '/title', applied: ['nfc', 'trim'] },
      { pointer: '/text', applied: ['control', 'html'] },
      { pointer: '/tags/1', applied: ['trim'] },
      { pointer: '/reply/text', applied: ['html'] },
    ])
    assert.deepEqual(value, {
      title: 'caf\u00e9',
      text: 'hi',
      tags: ['a', 'b'],
      raw: ' <b> ',
      reply: { text: 'x' },
    })
  })

  test('is nothing to do where no schema declares it', () => {
    assert.equal(body('Plain').sanitizes, false)
    assert.equal(body('Post').sanitizes, true)
    assert.deepEqual(body('Plain').sanitize({ a: ' ' }), [])
  })
})

describe('stripping markup', () => {
  const table = [
    ['plain', 'plain'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['a <b>bold</b> word', 'a bold word'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<img src=x onerror=alert(1)>', ''],
    ['<img alt=">" src=x>after', 'after'],
    ["<a title='\">' href=x>link</a>", 'link'],
    ['<svg/onload=alert(1)>', ''],
    ['<!-- <b> -->text', 'text'],
    ['<!--> shown', ' shown'],
    ['<!doctype html>text', 'text'],
    ['<?php echo 1 ?>text', 'text'],
    ['text <script', 'text '],
    ['<scr<script>ipt>alert(1)', 'ipt>alert(1)'],
    ['<<b>b>x', 'b>x'],
    ['<<b></b>script>alert(1)', 'script>alert(1)'],
    ['</ b>x', 'x'],
    ['&lt;b&gt;', '&lt;b&gt;'],
  ] as const
  for (const [text, left] of table) {
    test(`${text} leaves ${left || 'nothing'}`, () => {
      assert.equal(stripMarkup(text), left)
    })
  }

  test('leaves nothing that it would strip itself', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '/',
      '!',
      '--',
      '-',
      '"',
      "'",
      '=',
      'b',
      ' ',
      '?',
      '<b',
      '</',
      '<!--',
      '-->',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const left = stripMarkup(parts.join(''))
        assert.equal(stripMarkup(left), left)
        assert.doesNotMatch(left, /<[a-zA-Z!?/]/)
      }),
      { numRuns: 2000 },
    )
  })

  test('takes linear time for texts made to be slow', () => {
    for (const piece of ['<', '<b', '<!--', '<!---->', '<a ="', "<a='", '</', '<a b="c">'])
      assert.equal(typeof stripMarkup(piece.repeat(200_000)), 'string')
  })
})

test('sanitising twice changes nothing more', () => {
  const units = fc.constantFrom(
    'a',
    'e',
    '\u0301',
    '\u0338',
    '<',
    '>',
    'b',
    '\u0000',
    '\u200b',
    ' ',
    '\u212a',
    '/',
    '!',
  )
  fc.assert(
    fc.property(fc.string({ unit: units }), fc.subarray([...sanitizeSteps]), (text, steps) => {
      const once = sanitizeText(text, steps).text
      assert.deepEqual(sanitizeText(once, steps), { text: once, applied: [] })
    }),
    { numRuns: 3000 },
  )
})
