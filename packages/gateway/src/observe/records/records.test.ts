import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { assert as assertProperty, asyncProperty, array, constantFrom, integer } from 'fast-check'
import type { ExchangeRecord } from './exchange-record.ts'
import { findRecord } from './find-record.ts'
import { readRecords } from './read-records.ts'
import { searchRecords, type RecordSearch } from './search-records.ts'
import { segmentPath } from './segments.ts'
import { openTestRecords, type TestRecords } from './testing.ts'

const time = '2026-01-01T00:00:00.000Z'
const address = '203.0.113.77'

function line(id: string, pad = 0): string {
  const members = { time, id, api: 'shop', operation: 'op', method: 'GET', path: '/people/ada-lovelace' }
  return `${JSON.stringify({
    ...members,
    status: 200,
    client: address,
    consumer: 'mystery',
    ms: 1,
    configuration: 'c',
    guards: [],
    // Nothing in it repeats, so that it stays as long however it is packed.
    pad: randomBytes(Math.ceil(pad * 0.75))
      .toString('base64url')
      .slice(0, pad),
  })}\n`
}

/** Writes each of the blocks in one go. */
async function write(records: TestRecords, blocks: readonly (readonly string[])[]): Promise<void> {
  await using writer = await records.openWriter()
  for (const block of blocks) {
    writer.write(Buffer.from(block.map((id) => line(id)).join('')), block.length)
    await writer.flush()
  }
}

async function search(records: TestRecords, changes: Partial<RecordSearch> = {}) {
  return searchRecords(records.archive, {
    matches: () => true,
    isBeyond: () => false,
    limit: 100_000,
    cursor: undefined,
    ...changes,
  })
}

async function allIds(records: TestRecords): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const { id } of readRecords(records.archive, 0)) ids.push(id)
  return ids
}

function idsOf(found: readonly ExchangeRecord[]): readonly string[] {
  return found.map(({ id }) => id)
}

function files(folder: string): readonly Buffer[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)))
}

function assertHidden(folder: string): void {
  for (const file of files(folder))
    for (const text of [address, 'mystery', 'ada-lovelace', '"id"']) assert.ok(!file.includes(text), text)
}

describe('records', () => {
  it('show nothing of whom they are about in a copied file, and are read with the keys of the store', async () => {
    await using records = await openTestRecords()
    await write(records, [['R1', 'R2'], ['R3']])
    assertHidden(records.folder)
    for (const name of readdirSync(records.folder))
      assert.equal(statSync(join(records.folder, name)).mode & 0o077, 0)
    assert.equal((await findRecord(records.archive, 'R2'))?.client, address)
    assert.equal(await findRecord(records.archive, 'R4'), undefined)
    assert.deepEqual(await allIds(records), ['R1', 'R2', 'R3'])
    assert.deepEqual(idsOf((await search(records)).records), ['R3', 'R2', 'R1'])
  })

  it('stay readable when the key of the store is rotated, and leave the one before free to be retired', async () => {
    await using records = await openTestRecords()
    await write(records, [['R1']])
    const { store, keys } = records.subject
    const before = keys.active('store').id
    const active = await records.subject.rotate('store')
    await write(records, [['R2']])
    const counts = await store.sealed.countByKey()
    assert.deepEqual([counts.size, counts.get(before), counts.get(active)], [2, 1, 1])
    while ((await store.sealed.reseal(5)) > 0);
    assert.deepEqual([...(await store.sealed.countByKey())], [[active, 2]])
    assert.deepEqual(await allIds(records), ['R1', 'R2'])
  })

  it('are found page by page, each once, whatever blocks they were written in', async () => {
    const shapes = array(integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 })
    await assertProperty(
      asyncProperty(shapes, constantFrom(1, 2, 3, 7), async (sizes, limit) => {
        await using records = await openTestRecords()
        let next = 0
        const blocks = sizes.map((size) => Array.from({ length: size }, () => `R${next++}`))
        for (const half of [blocks.slice(0, 3), blocks.slice(3)]) await write(records, half)
        const found: string[] = []
        let cursor: string | undefined
        do {
          const page = await search(records, { limit, cursor })
          found.push(...idsOf(page.records))
          cursor = page.next
        } while (cursor !== undefined)
        assert.deepEqual(found, blocks.flat().toReversed())
      }),
      { numRuns: 15 },
    )
  })

  it('end a search at the first that is beyond, and begin one anywhere with a cursor that means nothing', async () => {
    await using records = await openTestRecords()
    await write(records, [
      ['R1', 'R2'],
      ['R3', 'R4'],
    ])
    const page = await search(records, { isBeyond: ({ id }) => id === 'R2' })
    assert.deepEqual([idsOf(page.records), page.next], [['R4', 'R3'], undefined])
    for (const cursor of ['', 'x', '1-1', '1700000000000', '1700000000000-9', '9999999999999-5-5'])
      await search(records, { cursor })
  })

  it('within a bound, the newest are kept, and the keys of those that go go with them', async () => {
    await using records = await openTestRecords()
    {
      await using writer = await records.openWriter()
      for (let index = 0; index < 2_000; index++) {
        writer.write(Buffer.from(line(`R${index}`, 1_000)), 1)
        await writer.flush()
      }
      assert.equal(writer.dropped, 0)
    }
    assert.ok(readdirSync(records.folder).length <= 8)
    const left = await allIds(records)
    assert.ok(left.length > 200 && left.length < 700, `${left.length} are left`)
    assert.equal(left.at(-1), 'R1999')
    const counts = [...(await records.subject.store.sealed.countByKey()).values()]
    assert.deepEqual(counts, [readdirSync(records.folder).length])
  })

  it('without a place for the next segment go on in the open one, within a bound, and the rest is counted', async () => {
    await using records = await openTestRecords()
    await using writer = await records.openWriter()
    rmSync(records.folder, { recursive: true })
    const one = Buffer.from(line('R', 1_023))
    for (let index = 0; index < 300; index++) {
      writer.write(one, 1)
      await writer.flush()
    }
    assert.equal(writer.failure, 'ENOENT')
    assert.ok(writer.dropped > 180 && writer.dropped < 250, `${writer.dropped} of 300 were dropped`)
    // No attempt has left a key behind.
    assert.deepEqual([...(await records.subject.store.sealed.countByKey()).values()], [1])
    mkdirSync(records.folder)
    writer.write(one, 1)
    await writer.flush()
    const dropped = writer.dropped
    writer.write(one, 1)
    await writer.flush()
    assert.equal(writer.dropped, dropped)
    assert.deepEqual(await allIds(records), ['R'])
  })
})

describe('a file of records', () => {
  it('is many times smaller than its lines, since these repeat one another', async () => {
    await using records = await openTestRecords()
    const ids = Array.from({ length: 500 }, (_, index) => `R${index}`)
    await write(records, [ids])
    const [segment = 0] = records.archive.segments()
    const { size } = statSync(segmentPath(records.folder, segment))
    assert.ok(size * 8 < ids.map((id) => line(id)).join('').length, `${size} bytes`)
    assert.deepEqual(await allIds(records), ids)
  })

  it('that a crash cut off at any byte shows all blocks that are whole', async () => {
    await using records = await openTestRecords()
    await write(records, [['R1'], ['R2'], ['R3']])
    const [segment = 0] = records.archive.segments()
    const path = segmentPath(records.folder, segment)
    const whole = readFileSync(path)
    for (let length = 0; length <= whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length))
      const forward = await allIds(records)
      assert.deepEqual(forward, ['R1', 'R2', 'R3'].slice(0, forward.length))
      assert.ok(
        forward.length >= Math.floor((length / whole.length) * 3 - 0.1),
        `${length}: ${forward.length}`,
      )
      assert.deepEqual(idsOf((await search(records)).records), forward.toReversed())
    }
  })

  it('that a full disk has cut a block off in shows those before and after it', async () => {
    await using records = await openTestRecords()
    await write(records, [['R1'], ['R2']])
    const [segment = 0] = records.archive.segments()
    const path = segmentPath(records.folder, segment)
    const whole = readFileSync(path)
    const second = whole.indexOf('\n\n') + 1
    const parts = [whole.subarray(0, second), whole.subarray(second, second + 90), whole.subarray(second)]
    writeFileSync(path, Buffer.concat(parts))
    assert.deepEqual(await allIds(records), ['R1', 'R2'])
    assert.deepEqual(idsOf((await search(records)).records), ['R2', 'R1'])
  })

  it('shows nothing that was changed, wherever a byte of it was', async () => {
    await using records = await openTestRecords()
    await write(records, [['R1']])
    const [segment = 0] = records.archive.segments()
    const path = segmentPath(records.folder, segment)
    const whole = readFileSync(path)
    for (let at = 1; at < whole.length - 1; at++) {
      const changed = Buffer.from(whole)
      // Another letter of base64, so that other bytes are read.
      changed[at] = whole[at] === 0x41 ? 0x51 : 0x41
      writeFileSync(path, changed)
      const ids = await allIds(records)
      // The last letter before the padding may have bits that say nothing.
      if (
        whole
          .subarray(at + 1, -1)
          .toString()
          .replaceAll('=', '') !== ''
      )
        assert.deepEqual(ids, [], `byte ${at}`)
    }
  })

  it('is nothing under the name of another, and nothing when its key is gone', async () => {
    await using records = await openTestRecords()
    await write(records, [['R1']])
    await write(records, [['R2']])
    const [newer = 0, older = 0] = records.archive.segments()
    const [first, second] = [older, newer].map((segment) => segmentPath(records.folder, segment))
    copyFileSync(first ?? '', second ?? '')
    assert.deepEqual(await allIds(records), ['R1'])
    await records.subject.store.contentKeys.remove(`records ${older}`)
    assert.deepEqual(await allIds(records), [])
  })
})

describe('records of an earlier version', () => {
  const plain = (records: TestRecords, name: string) => join(records.folder, name)

  it('are sealed at the first start, whatever their last line is, and say the same', async () => {
    await using records = await openTestRecords()
    mkdirSync(records.folder)
    const many = Array.from({ length: 900 }, (_, index) => `A${index}`)
    writeFileSync(plain(records, '1600000000000.ndjson'), many.map((id) => line(id, 700)).join(''))
    writeFileSync(plain(records, '1600000000001.ndjson'), line('B') + line('C').slice(0, 40))
    writeFileSync(plain(records, '1600000000002.ndjson'), '')
    await write(records, [['D']])
    assertHidden(records.folder)
    assert.ok(!readdirSync(records.folder).some((name) => !name.endsWith('.sealed')))
    assert.deepEqual(await allIds(records), [...many, 'B', 'D'])
  })

  it('are sealed anew where that was broken off', async () => {
    await using records = await openTestRecords()
    mkdirSync(records.folder)
    writeFileSync(plain(records, '1600000000000.ndjson'), line('A') + line('B'))
    await write(records, [['D']])
    // As a process leaves it that ends between the new file and the old one's removal.
    writeFileSync(plain(records, '1600000000000.ndjson'), line('A') + line('B'))
    truncateSync(segmentPath(records.folder, 1_600_000_000_000), 30)
    await write(records, [['E']])
    assertHidden(records.folder)
    assert.deepEqual(await allIds(records), ['A', 'B', 'D', 'E'])
  })
})
