import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { DynamicLibrary } from 'node:ffi'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '@gateward/kernel'
import type { Pkcs11Settings } from '../settings.ts'
import { cka, openCryptoki, secretKeyClass } from './cryptoki.ts'
import { readUlongs, ulongs, writeTemplate, type Attribute } from './structures.ts'

/** Where Debian's softhsm2 puts its module. */
export const softHsmModule = '/usr/lib/softhsm/libsofthsm2.so'

/** Why tests with a token are skipped; `undefined` where they are not. */
export const missingForTokens = existsSync(softHsmModule)
  ? undefined
  : 'softhsm2 is not installed: sudo apt-get install softhsm2'

/** The PIN of every token of tests. */
export const softHsmPin = '135-790'

/** Tokens of SoftHSM2 in a folder of their own. */
export interface SoftHsm extends Disposable {
  /** Settings for a key `gate` in the token `Gateward`, with other members as named. */
  settings(changes?: Partial<Pkcs11Settings>): Pkcs11Settings
  /** Makes a token and keys in it. */
  addToken(label: string, keys: readonly SoftHsmKey[]): void
  /** Loses everything that the module has stored. */
  removeTokens(): void
}

/** A key that a test wants to be there. */
interface SoftHsmKey {
  readonly label: string
  /** False: it can be read out. */
  readonly sensitive?: boolean
  readonly encrypts?: boolean
}

/**
 * Starts with a token `Gateward` and the keys `gate` and `other` in it. The module finds its folder by the environment, so
 * that one test at a time can have one; keys are made in this process, while no test has the module open in it.
 */
export function openSoftHsm(): SoftHsm {
  const folder = mkdtempSync(join(tmpdir(), 'gateward-softhsm-'))
  const tokens = join(folder, 'tokens')
  mkdirSync(tokens)
  const file = join(folder, 'softhsm2.conf')
  writeFileSync(file, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  const before = process.env['SOFTHSM2_CONF']
  process.env['SOFTHSM2_CONF'] = file
  const hsm: SoftHsm = {
    settings: (changes) => ({
      kind: 'pkcs11',
      module: softHsmModule,
      token: 'Gateward',
      key: 'gate',
      pin: new Secret(softHsmPin),
      ...changes,
    }),
    addToken(label, keys) {
      const words = ['--init-token', '--free', '--label', label, '--so-pin', '97531-0', '--pin', softHsmPin]
      execFileSync('softhsm2-util', words, { stdio: 'ignore' })
      makeKeys(label, keys)
    },
    removeTokens() {
      for (const name of readdirSync(tokens)) rmSync(join(tokens, name), { recursive: true })
    },
    [Symbol.dispose]() {
      if (before === undefined) delete process.env['SOFTHSM2_CONF']
      else process.env['SOFTHSM2_CONF'] = before
      rmSync(folder, { recursive: true, force: true })
    },
  }
  hsm.addToken('Gateward', [{ label: 'gate' }, { label: 'other' }])
  return hsm
}

/** Makes AES keys of 32 bytes in a token. */
function makeKeys(label: string, keys: readonly SoftHsmKey[]): void {
  const cryptoki = openCryptoki(softHsmModule)
  const handle = ulongs(0n)
  const openWritable = (slot: bigint): bigint => {
    call('C_OpenSession', ['uint64', 'uint64', 'pointer', 'pointer', 'pointer'], slot, 6n, null, null, handle)
    const session = handle.readBigUInt64LE()
    cryptoki.login(session, softHsmPin)
    return session
  }
  // Of several tokens with the label, the one that was just made is empty.
  const session = cryptoki
    .slotsWithToken()
    .filter((slot) => cryptoki.tokenInfo(slot).label === label)
    .map(openWritable)
    .find((each) => cryptoki.findObjects(each, [[cka.class, secretKeyClass]], 1).length === 0)
  if (session === undefined) throw new Error(`no empty token ${label}`)
  for (const { label, sensitive = true, encrypts = true } of keys) {
    const attributes: readonly Attribute[] = [
      [0x1, true],
      [0x2, true],
      [cka.label, label],
      [cka.sensitive, sensitive],
      [cka.encrypt, encrypts],
      [cka.decrypt, true],
      [0x161, 32],
      [0x162, false],
    ]
    const { bytes } = writeTemplate(attributes)
    const types = ['uint64', 'pointer', 'pointer', 'uint64', 'pointer'] as const
    call('C_GenerateKey', types, session, ulongs(0x1080n, 0n, 0n), bytes, BigInt(attributes.length), handle)
  }
  cryptoki.finalize()
}

/** Takes all sessions of this process from it, as a token does that was unplugged for a moment. */
export function closeAllSessions(): void {
  const slots = Buffer.alloc(8 * 16)
  const count = ulongs(16n)
  call('C_GetSlotList', ['uint8', 'pointer', 'pointer'], 1, slots, count)
  for (const slot of readUlongs(slots, count)) call('C_CloseAllSessions', ['uint64'], slot)
}

type FfiType = 'uint8' | 'uint64' | 'pointer'

function call(
  name: string,
  types: readonly FfiType[],
  ...values: readonly (bigint | number | Buffer | null)[]
) {
  const invoke = new DynamicLibrary(softHsmModule).getFunction(name, { return: 'uint64', arguments: types })
  const result = (invoke as (...values: unknown[]) => bigint)(...values)
  if (result !== 0n) throw new Error(`${name} answered 0x${result.toString(16)}`)
}
