import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createProgram } from '../../program.ts'

const folder = mkdtempSync(join(tmpdir(), 'gateward-try-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const rules = write('rules.conf', 'SecRule ARGS|REQUEST_HEADERS "@contains evil" "id:1,deny,phase:2"\r\n')

test('a request is read whatever its line ends, its version and what an editor put before it', async () => {
  for (const text of [
    'GET /?a=evil HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /?a=evil HTTP/1.1\nHost: a\n\n',
    'GET /?a=evil HTTP/1.0\r\n\r\n',
    'GET /?a=evil',
    '\xef\xbb\xbf\r\n\r\nGET /?a=evil HTTP/1.1\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na=ev\r\n2\r\nil\r\n0\r\n\r\n',
  ]) {
    const { code, out, err } = await tryOn(write('one.http', text))
    assert.deepEqual([code, err], [1, ''], text)
    assert.match(out, /block 403/)
  }
})

test('a body that is not as long as it says is read as a server would, and told', async () => {
  const head = 'POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: '
  const short = await tryOn(write('short.http', `${head}4\r\n\r\na=evil`))
  assert.equal(short.code, 0)
  assert.match(short.err, /Content-Length is 4, and 6 bytes follow; 4 bytes of body were read/)
  const long = await tryOn(write('long.http', `${head}40\r\n\r\na=evil`))
  assert.equal(long.code, 1)
  assert.match(long.err, /Content-Length is 40, and 6 bytes follow; 6 bytes of body were read/)
  assert.equal((await tryOn(write('end.http', `${head}6\r\n\r\na=evil\r\n`))).err, '')
})

test('a file that is no request and a folder without files end with 2 and a sentence', async () => {
  mkdirSync(join(folder, 'empty'))
  assert.match((await tryOn(join(folder, 'empty'))).err, /there is no file in /)
  for (const [name, text] of [
    ['suite.yaml', '---\nmeta:\n  author: somebody\n'],
    ['notes.md', '# a request\n'],
    ['data.json', '{ "a": 1 }'],
    ['picture.png', '\x89PNG\r\n\x1a\n\x00\x00 \x00'],
    ['nothing.http', ''],
  ] as const) {
    const { code, out, err } = await tryOn(write(name, text))
    assert.deepEqual([code, out], [2, ''], name)
    assert.match(err, /begins with .*, and not with a request line such as/, name)
  }
})

test('nothing that a request holds reaches the terminal as more than text', async () => {
  const { out } = await tryOn(
    write('escape.http', `GET / HTTP/1.1\r\nX-\x1b[31m${'y'.repeat(500)}: evil\r\n\r\n`),
  )
  assert.match(out, /REQUEST_HEADERS:X-\ufffd\[31my+…/)
  assert.ok(!out.includes('\x1b') && out.split('\n').every((line) => line.length < 200))
})

test('rules that load with a warning, or are none, are told', async () => {
  const request = write('plain.http', 'GET / HTTP/1.1\r\n\r\n')
  const open = await run(
    'waf',
    'try',
    '--rules',
    write('open.conf', 'SecAction "id:1,chain"'),
    '--request',
    request,
  )
  assert.match(open.err, /never matches/)
  assert.match(open.err, /There is no rule/)
})

test('help is named with all its words', async () => {
  assert.match((await run('waf', 'try')).err, /Try gateward waf try --help/)
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, 'latin1')
  return file
}

function tryOn(request: string) {
  return run('waf', 'try', '--rules', rules, '--request', request)
}

async function run(...words: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const output = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), width: 100 }
  const code = await createProgram(output).run(words)
  return { code, out: out.join('\n'), err: err.join('\n') }
}
