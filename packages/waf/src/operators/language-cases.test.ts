import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ByteString } from '../language/bytes.ts'
import { bytesOfText } from '../language/bytes.ts'
import { findTransformation } from '../transformations/find-transformation.ts'
import { compile, scopeOf } from './testing.ts'

const folder = join(import.meta.dirname, '../../../../../shared/data/seclang-language-tests')
const skip = existsSync(folder) ? false : 'shared/data/seclang-language-tests is not here'

interface Case {
  readonly name: string
  readonly input: string
  readonly output?: string
  readonly param?: string
  readonly ret: number
}

test('every transformation gives what the published cases of the language expect', { skip }, () => {
  const cases = readCases('transformations')
  assert.ok(cases.length >= 376, `${cases.length} cases`)
  for (const { name, input, output } of cases) {
    const transformation = findTransformation(name.replace('_', ''))
    assert.ok(transformation, name)
    assert.equal(
      transformation(valueOf(corrected(name, input))),
      valueOf(output ?? ''),
      `${name} of ${JSON.stringify(input)}`,
    )
  }
})

test('every operator answers what the published cases of the language expect', { skip }, () => {
  const cases = readCases('operators')
  assert.ok(cases.length >= 3691, `${cases.length} cases`)
  for (const { name, param, input, ret } of cases) {
    const { operator } = compile(name, param ?? '')
    assert.ok(operator, name)
    const isHeld = operator.test(valueOf(input), scopeOf({}), undefined)
    assert.equal(isHeld, ret === 1, `${name} "${param}" for ${JSON.stringify(input)}`)
  }
})

function readCases(kind: string): Case[] {
  return readdirSync(join(folder, kind)).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, kind, file), 'utf8')) as Case[],
  )
}

/** One case of cssDecode was about the escape `\\0`, whose digit became a byte 0x00 when the cases became JSON. */
function corrected(name: string, input: string): string {
  return name === 'cssDecode' ? input.replaceAll('\\\0', '\\0') : input
}

/**
 * The bytes that a text of the cases writes: `\xHH` and `\u00HH` are bytes in it, everything else its UTF-8. Letters that are no
 * digits count as the reference's reader of these files counts them: up to the first of them, nothing being zero.
 */
function valueOf(text: string): ByteString {
  return bytesOfText(text)
    .replace(/\\x([0-9a-zA-Z]{2})/g, byteOf)
    .replace(/\\u([0-9a-zA-Z]{4})/g, byteOf) as ByteString
}

function byteOf(_: string, digits: string): string {
  return String.fromCharCode((Number.parseInt(digits, 16) || 0) & 0xff)
}
