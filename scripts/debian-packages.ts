// What some tests need beside npm: programs and data of Debian. Installed where that is possible, else told, never fatal.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

interface DebianPackage {
  readonly name: string
  /** A file that is there where the package is. */
  readonly proof: string
  /** What is tested with it. */
  readonly serves: string
}

/** Everything from Debian that a test reads or starts; each such test is skipped, and says so, where it is missing. */
const packages: readonly DebianPackage[] = [
  {
    name: 'modsecurity-crs',
    proof: '/usr/share/modsecurity-crs/owasp-crs.load',
    serves: 'the OWASP Core Rule Set against its regression suite',
  },
  {
    name: 'gnupg',
    proof: '/usr/bin/gpg',
    serves: 'signatures of rule releases',
  },
  { name: 'chromium', proof: '/usr/bin/chromium', serves: 'the dashboard, in a browser' },
  {
    name: 'pebble',
    proof: '/usr/bin/pebble',
    serves: 'certificates by ACME, from a real authority',
  },
  {
    name: 'testssl.sh',
    proof: '/usr/bin/testssl',
    serves: 'TLS as an auditor sees it',
  },
  {
    name: 'rsyslog-gnutls',
    proof: '/usr/sbin/rsyslogd',
    serves: 'events to a real syslog server over TLS, through an outage of it',
  },
  {
    name: 'kcat',
    proof: '/usr/bin/kcat',
    serves: 'events to a Kafka cluster that is not ours: the one of librdkafka',
  },
  {
    name: 'softhsm2',
    proof: '/usr/lib/softhsm/libsofthsm2.so',
    serves: 'keys in a token, by PKCS#11',
  },
]

/** Milliseconds that reading the package lists and installing may each take. */
const patience = 300_000

const missing = packages.filter(({ proof }) => !existsSync(proof))
if (missing.length > 0) provide(missing)

function provide(missing: readonly DebianPackage[]): void {
  const names = missing.map(({ name }) => name)
  for (const { name, serves } of missing) console.log(`missing  ${name.padEnd(20)} ${serves}`)
  const isRoot = process.getuid?.() === 0
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.log(`installing ${names.join(' ')} from Debian`)
    aptGet('update')
    aptGet('install', '--yes', '--no-install-recommends', ...names)
  }
  const absent = missing.filter(({ proof }) => !existsSync(proof)).map(({ name }) => name)
  if (absent.length > 0)
    console.log(`Tests that need them are skipped; get them with: sudo apt-get install ${absent.join(' ')}`)
}

function aptGet(...words: readonly string[]): void {
  const { status, stderr } = spawnSync('apt-get', ['-qq', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: patience,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) console.log(`apt-get ${words[0]} failed: ${(stderr ?? '').trim().slice(-500)}`)
}
