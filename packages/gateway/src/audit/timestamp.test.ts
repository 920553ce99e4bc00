import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readTimestamp, requestTimestamp } from './timestamp.ts'

// A real authority: OpenSSL's, which every Debian has, behind HTTP as RFC 3161 section 3.4 says.
const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl: apt-get install openssl'

const folder = mkdtempSync(join(tmpdir(), 'gateward-tsa-'))
const bytes = Buffer.from('the end of the log')
let server: Server
let url: string
let ca: string
let tamperWith: (reply: Buffer) => Buffer = (reply) => reply

before(async () => {
  if (skip !== false) return
  makeAuthority('tsa', 'critical,timeStamping')
  makeAuthority('web', 'serverAuth')
  ca = readFileSync(join(folder, 'ca.pem'), 'utf8')
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      writeFileSync(join(folder, 'query'), Buffer.concat(chunks))
      const name = request.url?.slice(1) ?? ''
      openssl('ts', '-reply', '-config', `${name}.cnf`, '-queryfile', 'query', '-out', 'reply')
      response.setHeader('content-type', 'application/timestamp-reply')
      response.end(tamperWith(readFileSync(join(folder, 'reply'))))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`
})

after(() => {
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('an authority puts a date on bytes, which holds for these bytes alone', { skip }, async () => {
  const response = await requestTimestamp(bytes, { url, ca })
  const { at, authority } = await readTimestamp(bytes, response, ca)
  assert.ok(Math.abs(at - Date.now()) < 60_000)
  assert.match(authority, /CN=tsa/)
  await assert.rejects(readTimestamp(Buffer.from('another end'), response, ca), /of something else/)
})

test(
  'a changed answer, one of another request, and one of a foreign authority prove nothing',
  { skip },
  async () => {
    const good = await requestTimestamp(bytes, { url, ca })
    tamperWith = (reply) => {
      const changed = Buffer.from(reply)
      // Within the signature, at the end of the token.
      changed[changed.length - 5] = (changed[changed.length - 5] ?? 0) ^ 1
      return changed
    }
    await assert.rejects(requestTimestamp(bytes, { url, ca }), { code: 'TIMESTAMP_REFUSED' })
    tamperWith = () => Buffer.from(good, 'base64')
    await assert.rejects(requestTimestamp(bytes, { url, ca }), /answers another request/)
    tamperWith = () => Buffer.from('no timestamp')
    await assert.rejects(requestTimestamp(bytes, { url, ca }), { code: 'TIMESTAMP_REFUSED' })
    tamperWith = (reply) => reply
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'other.key',
      '-out',
      'other.pem',
      '-subj',
      '/CN=other',
      '-days',
      '2',
    )
    const foreign = readFileSync(join(folder, 'other.pem'), 'utf8')
    await assert.rejects(requestTimestamp(bytes, { url, ca: foreign }), /certificate/)
  },
)

test('an authority that does not answer is told apart from one that lies', { skip }, async () => {
  await assert.rejects(requestTimestamp(bytes, { url: 'http://127.0.0.1:1/', ca }), {
    code: 'TIMESTAMP_UNAVAILABLE',
  })
})

/** A certificate of the test's root with a purpose, and OpenSSL's configuration of an authority that signs with it. */
function makeAuthority(name: string, purpose: string): void {
  if (name === 'tsa')
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=root',
      '-days',
      '2',
    )
  writeFileSync(
    join(folder, `${name}.ext`),
    `extendedKeyUsage=${purpose}\nkeyUsage=critical,digitalSignature\n`,
  )
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
  )
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    `${name}.pem`,
    '-days',
    '2',
    '-extfile',
    `${name}.ext`,
  )
  writeFileSync(join(folder, 'serial'), '01\n')
  writeFileSync(
    join(folder, `${name}.cnf`),
    `[tsa]
default_tsa = tsa1
[tsa1]
dir = .
serial = ./serial
crypto_device = builtin
signer_cert = ./${name}.pem
certs = ./ca.pem
signer_key = ./${name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
ess_cert_id_chain = no
`,
  )
}

function openssl(...words: readonly string[]): void {
  execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
}
