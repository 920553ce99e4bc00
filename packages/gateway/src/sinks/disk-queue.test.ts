import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import { DiskQueue } from './disk-queue.ts'

describe('a queue on the disk', () => {
  it('gives every line once, in order, however it is read and reopened', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ kind: fc.constant('read' as const), bytes: fc.integer({ min: 1, max: 300 }) }),
      fc.constant({ kind: 'reopen' as const }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const folder = makeFolder()
        let queue = new DiskQueue(folder, 1e9)
        const added: string[] = []
        const got: string[] = []
        for (const each of steps) {
          if (each.kind === 'add')
            for (let number = 0; number < each.count; number++) {
              added.push(`line ${added.length} Ω`)
              addLine(queue, added.at(-1) ?? '')
            }
          await queue.flush()
          if (each.kind === 'read') {
            const batch = await queue.read(each.bytes)
            got.push(...(batch?.lines ?? []))
            await batch?.commit()
          }
          if (each.kind === 'reopen') {
            await queue[Symbol.asyncDispose]()
            queue = new DiskQueue(folder, 1e9)
          }
        }
        for (let batch = await queue.read(1e6); batch !== undefined; batch = await queue.read(1e6)) {
          got.push(...batch.lines)
          await batch.commit()
        }
        assert.deepEqual(got, added)
        assert.equal(queue.waiting, 0)
        await queue[Symbol.asyncDispose]()
        rmSync(folder, { recursive: true })
      }),
      { numRuns: 25 },
    )
  })

  it('gives again what was read and not said to have arrived', async () => {
    const folder = makeFolder()
    const queue = new DiskQueue(folder, 1e9)
    addLine(queue, 'a')
    await queue.flush()
    assert.deepEqual((await queue.read(100))?.lines, ['a'])
    await queue[Symbol.asyncDispose]()
    await using again = new DiskQueue(folder, 1e9)
    assert.deepEqual((await again.read(100))?.lines, ['a'])
  })

  it('holds no more than it may, counts the rest as lost, and takes more when there is room', async () => {
    const folder = makeFolder()
    await using queue = new DiskQueue(folder, 10_000)
    for (let number = 0; number < 300; number++) addLine(queue, 'x'.repeat(99))
    await queue.flush()
    assert.equal(queue.lost, 200)
    const size = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    assert.ok(size <= 10_000)
    await (await queue.read(5_000))?.commit()
    addLine(queue, 'x'.repeat(99))
    assert.equal(queue.lost, 200)
  })

  it('frees the disk of what arrived, over many segments', async () => {
    const folder = makeFolder()
    await using queue = new DiskQueue(folder, 1e9)
    let got = 0
    for (let round = 0; round < 6; round++) {
      for (let number = 0; number < 20; number++) addLine(queue, 'x'.repeat(99_999))
      await queue.flush()
    }
    for (let batch = await queue.read(1e6); batch !== undefined; batch = await queue.read(1e6)) {
      got += batch.lines.length
      await batch.commit()
    }
    assert.equal(got, 120)
    assert.ok(readdirSync(folder).filter((name) => name.endsWith('.queue')).length <= 1)
  })

  it('gives up a line that a crash cut off, and nothing else', async () => {
    const folder = makeFolder()
    const queue = new DiskQueue(folder, 1e9)
    addLine(queue, 'whole')
    await queue[Symbol.asyncDispose]()
    const segment = readdirSync(folder).find((name) => name.endsWith('.queue')) ?? ''
    appendFileSync(join(folder, segment), 'cut o')
    await using again = new DiskQueue(folder, 1e9)
    addLine(again, 'next')
    await again.flush()
    const got: string[] = []
    for (let batch = await again.read(100); batch !== undefined; batch = await again.read(100)) {
      got.push(...batch.lines)
      await batch.commit()
    }
    assert.deepEqual(got, ['whole', 'next'])
  })
})

function addLine(queue: DiskQueue, line: string): void {
  queue.add(Buffer.from(`${line}\n`), 1)
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'gateward-queue-'))
}
