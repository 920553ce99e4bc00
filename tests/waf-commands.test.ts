import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createProgram } from '../packages/cli/src/program.ts'
import { plainRequest, startGate } from './start-gate.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateward-waf-'))
  mkdirSync(join(folder, 'requests/inner'), { recursive: true })
  const request = (name: string, text: string) =>
    writeFileSync(join(folder, 'requests', name), text, 'latin1')
  request('1-attack.http', `GET /?q=${encodeURIComponent("1' OR '1'='1")} HTTP/1.1\r\nHost: x\r\n\r\n`)
  request('2-harmless.http', 'GET /?q=hello HTTP/1.1\nHost: x\n\n')
  request(
    'inner/body.http',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n{"a":"<script>alert(1)</script>"}',
  )
})
after(() => rmSync(folder, { recursive: true }))

/** Runs a command in this process. */
async function gateward(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const program = createProgram({ out: (text) => out.push(text), err: (text) => err.push(text), width: 120 })
  const code = await program.run(['waf', ...words])
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('`waf try` tells of every request in a folder which rules matched, the score and the verdict', async () => {
  const { code, out } = await gateward(
    'try',
    '--rules',
    'core',
    '--request',
    join(folder, 'requests'),
    '--json',
  )
  assert.equal(code, 1)
  const trials = JSON.parse(out) as { request: string; rules: number[]; score: number; verdict: string }[]
  assert.deepEqual(
    trials.map(({ request, verdict }) => [request.slice(folder.length + 10), verdict]),
    [
      ['1-attack.http', 'block'],
      ['2-harmless.http', 'pass'],
      ['inner/body.http', 'block'],
    ],
  )
  assert.deepEqual(trials[0]?.rules, [2041, 2091])
  assert.equal(trials[0]?.score, 5)
  assert.deepEqual(trials[1]?.rules, [])
})

test('`waf try` on one harmless request ends with 0, and says where rules are wrong', async () => {
  assert.equal((await gateward('try', '--request', join(folder, 'requests/2-harmless.http'))).code, 0)
  writeFileSync(join(folder, 'bad.conf'), 'SecRule ARGS "@rxx a" "id:1,deny"\n')
  const bad = await gateward(
    'try',
    '--rules',
    join(folder, 'bad.conf'),
    '--request',
    join(folder, 'requests'),
  )
  assert.equal(bad.code, 1)
  assert.match(bad.err, /bad\.conf:1.*@rxx/s)
  assert.equal((await gateward('try', '--request', join(folder, 'nothing'))).code, 2)
})

test('`waf profile` names the rules that cost most', async () => {
  const { code, out } = await gateward(
    'profile',
    '--request',
    join(folder, 'requests'),
    '--rounds',
    '3',
    '--json',
  )
  assert.equal(code, 0)
  const { rules } = JSON.parse(out) as { rules: { id: number; share: number; place: string; hits: number }[] }
  assert.ok(
    rules.some(({ id, hits, place }) => id === 2041 && hits > 0 && place.includes('30-sql-injection.conf')),
  )
  assert.ok(Math.abs(rules.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9)
  assert.match(
    (await gateward('profile', '--request', join(folder, 'requests'), '--top', '2')).out,
    /µs\/request/,
  )
})

const contract = {
  openapi: '3.1.0',
  info: { title: 'Articles', version: '1' },
  paths: {
    '/articles': {
      post: {
        operationId: 'writeArticle',
        security: [],
        requestBody: {
          content: {
            'application/json': { schema: { type: 'object', properties: { text: { type: 'string' } } } },
          },
        },
        responses: { 200: { description: 'Written' } },
      },
    },
  },
}

test('`waf tune` proposes the exclusion that frees what shadow would have refused; `waf explain` says the same of one', async () => {
  await using gate = await startGate({
    contract,
    settings: { guards: { waf: { mode: 'shadow' } } },
    service: (_, response) => response.end(),
  })
  const send = (text: string): Promise<string> => {
    const body = JSON.stringify({ text })
    const fields = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
    return gate.exchange(plainRequest('POST /articles', ...fields) + body)
  }
  for (let count = 0; count < 3; count++) await send("the query was 1' OR '1'='1' and it worked")
  const last = await send("another one with 1' OR '1'='1' in it")
  const id = /x-request-id: (\w+)/i.exec(last)?.[1] ?? ''
  await send('nothing special')
  await gate.record(id)
  const tuned = await gateward('tune', '--since', '1d', '--data', gate.data, '--rules', 'core', '--json')
  assert.equal(tuned.code, 1)
  const tuning = JSON.parse(tuned.out)
  assert.equal(tuning.wouldRefuse, 4)
  assert.equal(tuning.proposals.length, 1)
  const [proposal] = tuning.proposals
  assert.equal(proposal.field, 'body /text')
  assert.equal(proposal.operation, 'writeArticle')
  assert.equal(proposal.frees, 4)
  assert.ok(proposal.rules.includes(2041))
  assert.ok(proposal.replay.caughtNow > 300)
  assert.ok(proposal.replay.caughtThen > 100 && proposal.replay.caughtThen < proposal.replay.caughtNow)
  assert.ok(proposal.replay.lost['sql-injection'] > 100)
  const told = await gateward('tune', '--data', gate.data, '--rules', 'core')
  assert.match(told.out, /4 would have been refused/)
  assert.match(told.out, /\{ rules: \[2041.*\], fields: \["body \/text"\], operations: \["writeArticle"\] \}/)
  const file = join(folder, 'gateward.yaml')
  writeFileSync(
    join(folder, 'articles.yaml'),
    typeof contract === 'string' ? contract : JSON.stringify(contract),
  )
  const written = `# ours
version: 1
apis: { articles: { contract: ./articles.yaml, upstream: "http://127.0.0.1:9" } }
guards:
  waf:
    mode: shadow # looks on
`
  writeFileSync(file, written)
  const tune = (...more: readonly string[]) =>
    gateward('tune', '--data', gate.data, '--config', file, '--apply', ...more)
  const applied = await tune()
  assert.equal(applied.code, 0)
  assert.match(applied.out, /^ {5}mode: shadow # looks on$/m)
  assert.match(applied.out, /^\+ {6}- \{ rules: \[2041.*operations: \["writeArticle"\] \}$/m)
  const now = readFileSync(file, 'utf8')
  assert.ok(now.startsWith(written))
  assert.match(now, /exclusions:\n {6}- \{ rules: \[2041/)
  const [, former = ''] = /^Undo: mv (\S+) /m.exec(applied.out) ?? []
  const again = await tune('1')
  assert.match(again.out, /has these exclusions already/)
  renameSync(former, file)
  assert.equal(readFileSync(file, 'utf8'), written)
  const wrong = await tune('7')
  assert.equal(wrong.code, 2)
  assert.match(wrong.err, /no proposal 7/)
  writeFileSync(file, written.replace('http://127.0.0.1:9', 'not an address'))
  const broken = await tune()
  assert.equal(broken.code, 1)
  assert.equal(readFileSync(file, 'utf8'), written.replace('http://127.0.0.1:9', 'not an address'))
  const explained = await gateward('explain', id, '--data', gate.data, '--rules', 'core')
  assert.equal(explained.code, 0)
  assert.match(explained.out, /2041 {2}ARGS:json\.text.*30-sql-injection\.conf:\d+/)
  assert.match(explained.out, /fields: \["body \/text"\]/)
})

test('the exclusion that `waf tune` proposes does free the requests', async () => {
  await using gate = await startGate({
    contract,
    settings: {
      guards: {
        waf: { exclusions: [{ rules: [2041], fields: ['body /text'], operations: ['writeArticle'] }] },
      },
    },
    service: (_, response) => response.end(),
  })
  const body = JSON.stringify({ text: "the query was 1' OR '1'='1' and it worked" })
  const fields = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]
  assert.match(await gate.exchange(plainRequest('POST /articles', ...fields) + body), /^HTTP\/1\.1 200/)
})
