import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { DiagnosticError, ManualClock, systemClock, type Diagnostic } from '@gateward/kernel'
import { exchangeBytes, openTestListener } from '../testing.ts'
import { openCertificateFiles } from './certificate-files.ts'
import { ensureDevelopmentCertificate } from './development-certificate.ts'
import { createAuthority, issueCertificate } from './issue-certificate.ts'

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gateward-tls-'))
})
after(() => rm(directory, { recursive: true, force: true }))

test('the first start makes an authority and a certificate for the names of this machine, with keys for the owner alone', async () => {
  const made = await ensureDevelopmentCertificate(directory, systemClock, ['api.example'])
  const leaf = new X509Certificate(await readFile(made.certificate))
  const authority = new X509Certificate(await readFile(made.authority))
  for (const name of ['localhost', 'api.example']) assert.ok(leaf.checkHost(name), name)
  for (const address of ['127.0.0.1', '::1']) assert.ok(leaf.checkIP(address), address)
  assert.ok(leaf.verify(authority.publicKey))
  assert.equal(leaf.ca, false)
  assert.equal(authority.ca, true)
  assert.equal((await stat(made.key)).mode & 0o777, 0o600)
  assert.equal((await stat(join(directory, 'tls', 'ca-key.pem'))).mode & 0o777, 0o600)
})

test('the second start keeps both, and a new name renews the certificate but not the authority', async () => {
  const first = await ensureDevelopmentCertificate(directory, systemClock, ['api.example'])
  const before = [await readFile(first.authority, 'utf8'), await readFile(first.certificate, 'utf8')]
  await ensureDevelopmentCertificate(directory, systemClock, ['api.example'])
  assert.deepEqual(
    [await readFile(first.authority, 'utf8'), await readFile(first.certificate, 'utf8')],
    before,
  )
  await ensureDevelopmentCertificate(directory, systemClock, ['other.example'])
  assert.equal(await readFile(first.authority, 'utf8'), before[0])
  assert.notEqual(await readFile(first.certificate, 'utf8'), before[1])
})

test('a certificate with less than 30 days to go is renewed, and so is one that somebody broke', async () => {
  const made = await ensureDevelopmentCertificate(directory, systemClock)
  const certificate = await readFile(made.certificate, 'utf8')
  const later = new ManualClock(Date.now() + 370 * 86_400_000)
  await ensureDevelopmentCertificate(directory, later)
  const renewed = await readFile(made.certificate, 'utf8')
  assert.notEqual(renewed, certificate)
  await writeFile(made.certificate, renewed.slice(0, 200))
  await ensureDevelopmentCertificate(directory, systemClock)
  assert.ok(new X509Certificate(await readFile(made.certificate)).checkHost('localhost'))
})

async function openSecureListener(profile: 'intermediate' | 'modern', diagnostics: Diagnostic[] = []) {
  const files = await ensureDevelopmentCertificate(directory, systemClock)
  const certificates = await openCertificateFiles({
    ...files,
    report: (diagnostic) => diagnostics.push(diagnostic),
    pollInterval: 50,
  })
  const listener = await openTestListener({ tls: { profile, certificates } })
  const ca = await readFile(files.authority)
  return { files, certificates, listener, ca }
}

async function handshake(port: number, options: ConnectionOptions): Promise<TLSSocket | string> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options })
  socket.on('error', () => {})
  const { promise, resolve } = Promise.withResolvers<TLSSocket | string>()
  socket.once('secureConnect', () => resolve(socket))
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  return promise
}

test('TLS 1.2 and 1.3 are spoken, TLS 1.1 and plain HTTP are not', async () => {
  const { listener, certificates, ca } = await openSecureListener('intermediate')
  await using _listener = listener
  await using _certificates = certificates
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await handshake(listener.port, { ca, minVersion: version, maxVersion: version })
    assert.ok(typeof socket !== 'string')
    assert.equal(socket.getProtocol(), version)
    assert.equal(socket.authorized, true)
    socket.destroy()
  }
  const old = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  assert.equal(typeof (await handshake(listener.port, old)), 'string')
  const plain = await exchangeBytes(listener.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.ok(plain.closed)
  assert.doesNotMatch(plain.text, /HTTP/)
  assert.ok(listener.refusals.length >= 2)
  assert.ok(listener.refusals.every((refusal) => refusal.reason === 'tls-handshake'))
})

test('a session is resumed by its ticket for six hours at most, then the key of tickets is another', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { listener, certificates, ca } = await openSecureListener('intermediate')
  await using _listener = listener
  await using _certificates = certificates
  // In TLS 1.2 the ticket is part of the handshake.
  const visit = async (session?: Buffer) => {
    const socket = await handshake(listener.port, { ca, maxVersion: 'TLSv1.2', ...(session && { session }) })
    assert.ok(typeof socket !== 'string')
    const seen = { isResumed: socket.isSessionReused(), session: socket.getSession() }
    socket.destroy()
    return seen
  }
  const { session } = await visit()
  assert.ok(session)
  assert.equal((await visit(session)).isResumed, true)
  t.mock.timers.tick(6 * 3_600_000)
  const later = await visit(session)
  assert.equal(later.isResumed, false)
  assert.equal((await visit(later.session)).isResumed, true)
})

test('ciphers without forward secrecy or authentication are not spoken, and the modern profile has TLS 1.3 alone', async () => {
  const intermediate = await openSecureListener('intermediate')
  const modern = await openSecureListener('modern')
  await using _intermediate = intermediate.listener
  await using _modern = modern.listener
  await using _first = intermediate.certificates
  await using _second = modern.certificates
  for (const ciphers of [
    'AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES128-SHA256',
    'AES256-SHA',
    'DHE-RSA-AES128-GCM-SHA256',
  ]) {
    const options = { ca: intermediate.ca, ciphers: `${ciphers}:@SECLEVEL=0`, maxVersion: 'TLSv1.2' } as const
    assert.equal(typeof (await handshake(intermediate.listener.port, options)), 'string', ciphers)
  }
  assert.equal(
    typeof (await handshake(modern.listener.port, { ca: modern.ca, maxVersion: 'TLSv1.2' })),
    'string',
  )
})

test('a client may not begin a second handshake on its connection (CVE-2011-1473)', async () => {
  const { listener, certificates, ca } = await openSecureListener('intermediate')
  await using _listener = listener
  await using _certificates = certificates
  const socket = await handshake(listener.port, { ca, maxVersion: 'TLSv1.2' })
  assert.ok(typeof socket !== 'string')
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.once('error', () => resolve(false))
  socket.once('close', () => resolve(false))
  socket.renegotiate({ rejectUnauthorized: true }, (error) => resolve(error === null))
  assert.equal(await promise, false)
  socket.destroy()
})

test('ALPN chooses HTTP/2 or HTTP/1.1, and nothing else', async () => {
  const { listener, certificates, ca } = await openSecureListener('intermediate')
  await using _listener = listener
  await using _certificates = certificates
  for (const [offered, chosen] of [
    [['h2', 'http/1.1'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [undefined, false],
  ] as const) {
    const socket = await handshake(listener.port, {
      ca,
      ...(offered === undefined ? {} : { ALPNProtocols: [...offered] }),
    })
    assert.ok(typeof socket !== 'string')
    assert.equal(socket.alpnProtocol, chosen)
    socket.destroy()
  }
  assert.equal(typeof (await handshake(listener.port, { ca, ALPNProtocols: ['spdy/3'] })), 'string')
})

test('a changed certificate serves new connections and drops none, and a broken one is reported and not taken', async () => {
  const diagnostics: Diagnostic[] = []
  const { files, listener, certificates, ca } = await openSecureListener('intermediate', diagnostics)
  await using _listener = listener
  await using _certificates = certificates
  const old = await handshake(listener.port, { ca })
  assert.ok(typeof old !== 'string')
  const expiry = certificates.current.notAfter

  const authority = {
    certificate: ca.toString(),
    key: await readFile(join(directory, 'tls', 'ca-key.pem'), 'utf8'),
  }
  const next = await issueCertificate(authority, ['localhost'], new ManualClock(Date.now() - 86_400_000))
  const changed = Promise.withResolvers<void>()
  certificates.onChange(() => changed.resolve())
  // Between these two writes certificate and key do not fit: the old pair has to stay.
  await writeFile(files.key, next.key)
  await writeFile(files.certificate, next.certificate)
  await changed.promise
  assert.notEqual(certificates.current.notAfter, expiry)

  const fresh = await handshake(listener.port, { ca, checkServerIdentity: () => undefined })
  assert.ok(typeof fresh !== 'string')
  assert.equal(
    fresh.getPeerX509Certificate()?.fingerprint256,
    new X509Certificate(next.certificate).fingerprint256,
  )
  old.write('GET /still HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const [chunk] = (await once(old, 'data')) as [Buffer]
  assert.match(chunk.toString(), /^HTTP\/1\.1 200/)
  fresh.destroy()
  old.destroy()

  diagnostics.length = 0
  await writeFile(files.key, 'not a key')
  while (diagnostics.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.equal(diagnostics[0]?.code, 'certificate-malformed')
  assert.equal(certificates.current.context.key, next.key)
})

test('a pair that does not fit, or is not there, is a diagnostic that quotes nothing of the key', async () => {
  const authority = await createAuthority(systemClock)
  const [first, second] = [
    await issueCertificate(authority, ['a'], systemClock),
    await issueCertificate(authority, ['b'], systemClock),
  ]
  const files = {
    certificate: join(directory, 'first.pem'),
    key: join(directory, 'second-key.pem'),
    report: () => {},
  }
  await assert.rejects(openCertificateFiles(files), isMistake('certificate-unreadable'))
  await writeFile(files.certificate, first.certificate)
  await writeFile(files.key, second.key)
  await assert.rejects(openCertificateFiles(files), isMistake('certificate-mismatch'))
  await writeFile(files.key, 'secret-text')
  await assert.rejects(openCertificateFiles(files), isMistake('certificate-malformed'))
})

function isMistake(code: string) {
  return (error: unknown) =>
    error instanceof DiagnosticError &&
    error.diagnostics[0]?.code === code &&
    !error.message.includes('secret-text')
}
