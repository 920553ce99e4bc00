import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { describeFileError } from './describe-file-error.ts'

test('an error about a file says which, why, and what to do; any other is left as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-files-'))
  try {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const failing = (act: () => void): string | undefined => {
      try {
        act()
      } catch (error) {
        return describeFileError(error)
      }
      return assert.fail('nothing failed')
    }
    const through = failing(() => mkdirSync(join(file, 'data'), { recursive: true }))
    assert.equal(
      through,
      `${join(file, 'data')} leads through a file that is no folder: take it away, or name another place (--data for the data folder)`,
    )
    assert.match(failing(() => writeFileSync(folder, '')) ?? '', /is a folder, and a file is wanted/)
    assert.equal(describeFileError(new Error('something else')), undefined)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
