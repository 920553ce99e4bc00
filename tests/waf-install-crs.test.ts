import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createProgram } from '../packages/cli/src/program.ts'

const missing =
  spawnSync('gpg', ['--version']).status === 0 ? false : 'there is no gpg: apt-get install gnupg'

/** A project of its own: a release as the Core Rule Set publishes them, signed with a key that is made here. */
class Project implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'gateward-crs-'))
  readonly key = join(this.folder, 'project.asc')
  readonly files = new Map<string, Buffer>()
  server: Server | undefined

  async start(): Promise<void> {
    this.makeKey('project@example', this.key)
    const archive = this.pack()
    const signature = this.sign(archive, 'project@example')
    this.files.set('/download/v9.1.0/coreruleset-9.1.0-minimal.tar.gz', readFileSync(archive))
    this.files.set('/download/v9.1.0/coreruleset-9.1.0-minimal.tar.gz.asc', readFileSync(signature))
    const server = createServer(({ url = '' }, response) => {
      const bytes = this.files.get(url)
      if (url === '/latest') response.writeHead(302, { location: '/tag/v9.1.0' }).end()
      else if (bytes === undefined) response.writeHead(404).end()
      else response.end(bytes)
    })
    this.server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }

  get url(): string {
    const address = this.server?.address() as AddressInfo | undefined
    return `http://127.0.0.1:${address?.port}`
  }

  get archive(): string {
    return '/download/v9.1.0/coreruleset-9.1.0-minimal.tar.gz'
  }

  makeKey(name: string, file: string): void {
    const protection = ['--batch', '--passphrase', '', '--pinentry-mode', 'loopback']
    this.gpg(...protection, '--quick-gen-key', name, 'ed25519', 'sign', '1d')
    writeFileSync(file, this.gpg('--armor', '--export', name))
  }

  sign(file: string, name: string): string {
    this.gpg('--batch', '--yes', '--armor', '--local-user', name, '--detach-sign', file)
    return `${file}.asc`
  }

  pack(rule = 'SecRule ARGS "@contains attack" "id:901001,phase:2,deny,status:403"\n'): string {
    const release = join(this.folder, 'coreruleset-9.1.0')
    mkdirSync(join(release, 'rules'), { recursive: true })
    writeFileSync(join(release, 'crs-setup.conf.example'), 'SecAction "id:900990,phase:1,pass,nolog"\n')
    writeFileSync(join(release, 'rules/REQUEST-901.conf'), rule)
    const archive = join(this.folder, 'archive.tar.gz')
    execFileSync('tar', ['-czf', archive, '-C', this.folder, 'coreruleset-9.1.0'])
    return archive
  }

  gpg(...words: readonly string[]): Buffer {
    const home = join(this.folder, 'home')
    mkdirSync(home, { recursive: true, mode: 0o700 })
    return execFileSync('gpg', ['--homedir', home, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    spawnSync('gpgconf', ['--homedir', join(this.folder, 'home'), '--kill', 'all'])
    await new Promise((resolve) => this.server?.close(resolve))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const project = new Project()
before(async () => {
  if (missing === false) await project.start()
})
after(async () => {
  if (missing === false) await project[Symbol.asyncDispose]()
})

async function install(
  to: string,
  ...words: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const program = createProgram({ out: (text) => out.push(text), err: (text) => err.push(text), width: 120 })
  const from = ['--from', project.url, '--to', join(project.folder, to)]
  const code = await program.run(['waf', 'install-crs', ...from, ...words])
  return { code, out: out.join('\n'), err: err.join('\n') }
}

function isThere(to: string): boolean {
  return (
    existsSync(join(project.folder, to)) ||
    readdirSync(project.folder).some((name) => name.startsWith('.crs-'))
  )
}

test(
  'a release that the named key has signed is installed whole, and its rules load',
  { skip: missing },
  async () => {
    const { code, out, err } = await install('good', '--key', project.key, '--json')
    assert.equal(code, 0, err)
    const { version, rules, load } = JSON.parse(out) as { version: string; rules: number; load: string }
    assert.equal(version, '9.1.0')
    assert.equal(rules, 2)
    assert.match(readFileSync(load, 'utf8'), /Include rules\/\*\.conf/)
    assert.equal((await install('good', '--key', project.key)).code, 2)
  },
)

test(
  'a release is refused whose signature is of other bytes, by another key, or no signature at all',
  { skip: missing },
  async () => {
    const { files, archive } = project
    const [bytes, signature] = [files.get(archive), files.get(`${archive}.asc`)]
    assert.ok(bytes !== undefined && signature !== undefined)
    const stranger = join(project.folder, 'stranger.asc')
    project.makeKey('stranger@example', stranger)
    const changed = Buffer.from(bytes)
    changed[40] = (changed[40] ?? 0) ^ 1
    const strangers = readFileSync(project.sign(project.pack(), 'stranger@example'))
    const cases = [
      ['changed bytes', changed, signature, project.key],
      ['another key signed', readFileSync(join(project.folder, 'archive.tar.gz')), strangers, project.key],
      ['another key is expected', bytes, signature, stranger],
      ['no signature', bytes, Buffer.from('nothing'), project.key],
      ['an empty signature', bytes, Buffer.alloc(0), project.key],
      ['no key', bytes, signature, join(project.folder, 'archive.tar.gz')],
    ] as const
    for (const [what, served, signed, key] of cases) {
      files.set(archive, served)
      files.set(`${archive}.asc`, signed)
      const { code, out, err } = await install('bad', '--release', '9.1.0', '--key', key)
      assert.equal(code, 1, `${what}: ${out} ${err}`)
      assert.match(err, /nothing vouches for .* Nothing was installed/, what)
      assert.equal(isThere('bad'), false, what)
    }
    files.set(archive, bytes)
    files.set(`${archive}.asc`, signature)
  },
)

test('signed rules that this engine cannot load are not installed', { skip: missing }, async () => {
  const { files, archive } = project
  const kept = [files.get(archive), files.get(`${archive}.asc`)] as const
  const bad = project.pack('SecRule ARGS "@unheardOf x" "id:1,phase:2,deny"\n')
  files.set(`${archive}.asc`, readFileSync(project.sign(bad, 'project@example')))
  files.set(archive, readFileSync(bad))
  const { code, err } = await install('unloadable', '--key', project.key)
  assert.equal(code, 1)
  assert.match(err, /unheardof/)
  assert.equal(isThere('unloadable'), false)
  files.set(archive, kept[0] ?? Buffer.alloc(0))
  files.set(`${archive}.asc`, kept[1] ?? Buffer.alloc(0))
})

test('what cannot be reached ends with 3', { skip: missing }, async () => {
  assert.equal((await install('far', '--release', '8.0.0', '--key', project.key)).code, 3)
})
