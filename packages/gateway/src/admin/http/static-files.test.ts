import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { readStaticFiles } from './static-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-static-'))
after(() => rmSync(folder, { recursive: true, force: true }))

mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
writeFileSync(join(folder, 'secret.txt'), 'secret')
for (const [name, content] of [
  ['index.html', '<!doctype html>'],
  ['assets/index-Ab3dE6gH.js', 'x'],
  ['assets/plain.js', 'x'],
  ['favicon.svg', '<svg/>'],
  ['server.key', 'secret'],
  ['build.ts', 'source'],
])
  writeFileSync(join(folder, 'dist', name ?? ''), content ?? '')
symlinkSync(join(folder, 'secret.txt'), join(folder, 'dist', 'link.txt'))

const files = readStaticFiles(join(folder, 'dist'))

test('what the build names by its content is kept for ever, all else is asked about again', () => {
  const cachingOf = (path: string) => files?.find(path)?.headers.join(' ')
  assert.match(cachingOf('/assets/index-Ab3dE6gH.js') ?? '', /text\/javascript.*immutable/)
  for (const path of ['/assets/plain.js', '/favicon.svg', '/index.html'])
    assert.match(cachingOf(path) ?? '', /no-cache/, path)
})

test('what is text is sent as gzip to those who take it, under another tag', () => {
  const plain = files?.find('/index.html')
  const gzipped = plain?.gzipped()
  assert.equal(gunzipSync(gzipped?.bytes ?? Buffer.alloc(0)).toString(), '<!doctype html>')
  assert.match(gzipped?.headers.join(' ') ?? '', /vary accept-encoding.*content-encoding gzip/)
  assert.notEqual(gzipped?.etag, plain?.etag)
  assert.equal(plain?.gzipped(), gzipped, 'it is made once')
})

test('every path of a page is the one page, and a file that is missing is none', () => {
  for (const path of ['/', '/requests', '/requests/01K9Z3V8M4QX', '/welcome/7h2kd-9f3jq'])
    assert.equal(files?.find(path)?.bytes.toString(), '<!doctype html>', path)
  for (const path of ['/assets/old-Ab3dE6gH.js', '/robots.txt', '/.env'])
    assert.equal(files?.find(path), undefined, path)
})

test('nothing is served but files of the folder of a kind that browsers need', () => {
  for (const path of [
    '/server.key',
    '/build.ts',
    '/link.txt',
    '/../secret.txt',
    '//secret.txt',
    '/assets/../index.html',
  ])
    assert.equal(files?.find(path), undefined, path)
})

test('without a built dashboard there are no files', () => {
  assert.equal(readStaticFiles(join(folder, 'nowhere')), undefined)
  assert.equal(readStaticFiles(folder), undefined)
})
