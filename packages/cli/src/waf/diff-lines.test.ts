import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffLines } from './diff-lines.ts'

const tenLines = Array.from({ length: 10 }, (_, at) => `line ${at + 1}\n`).join('')

test('lines that were added are shown with three before and after them', () => {
  const after = tenLines.replace('line 5\n', 'line 5\nnew\n')
  assert.equal(
    diffLines(tenLines, after, 'a'),
    '--- a\n+++ a\n@@ -3,6 +3,7 @@\n line 3\n line 4\n line 5\n+new\n line 6\n line 7\n line 8',
  )
})

test('a line that changed is shown as it was and as it is', () => {
  assert.equal(
    diffLines('one: { }\ntwo', 'one: { a: 1 }\ntwo', 'a'),
    '--- a\n+++ a\n@@ -1,2 +1,2 @@\n-one: { }\n+one: { a: 1 }\n two',
  )
})

test('texts that are the same have no difference', () => {
  assert.equal(diffLines(tenLines, tenLines, 'a'), '')
})

test('a line like its neighbours is found at an end', () => {
  assert.equal(diffLines('a\na\n', 'a\na\na\n', 'f'), '--- f\n+++ f\n@@ -1,2 +1,3 @@\n a\n a\n+a')
})
