import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'

export interface TestLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
}

/** The broker's side of a login: what it answers, `undefined` where it refuses. */
export interface SaslServer {
  readonly isDone: boolean
  answer(message: Buffer): Buffer | undefined
}

export function createSaslServer(login: TestLogin): SaslServer {
  return login.mechanism === 'PLAIN' ? plainServer(login) : scramServer(login)
}

/** RFC 4616. */
function plainServer({ username, password }: TestLogin): SaslServer {
  let isDone = false
  return {
    get isDone() {
      return isDone
    },
    answer(message) {
      isDone = message.toString() === `\0${username}\0${password}`
      return isDone ? Buffer.alloc(0) : undefined
    },
  }
}

/** RFC 5802, without channel binding, as brokers have it. */
function scramServer({ mechanism, username, password }: TestLogin): SaslServer {
  const digest = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  const salt = randomBytes(16)
  const iterations = 4_096
  const salted = pbkdf2Sync(password, salt, iterations, digest === 'sha256' ? 32 : 64, digest)
  const hmac = (key: Buffer, text: string): Buffer => createHmac(digest, key).update(text).digest()
  const clientKey = hmac(salted, 'Client Key')
  const storedKey = createHash(digest).update(clientKey).digest()
  let step: 'first' | 'final' | 'done' = 'first'
  let bare = ''
  let serverFirst = ''
  const first = (text: string): Buffer | undefined => {
    const [, rest = '', name, nonce] = /^n,,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]{16,}))$/.exec(text) ?? []
    if (name?.replaceAll('=2C', ',').replaceAll('=3D', '=') !== username || nonce === undefined)
      return undefined
    bare = rest
    serverFirst = `r=${nonce}${randomBytes(18).toString('base64')},s=${salt.toString('base64')},i=${iterations}`
    step = 'final'
    return Buffer.from(serverFirst)
  }
  const final = (text: string): Buffer | undefined => {
    const [, withoutProof = '', nonce, proof = ''] =
      /^(c=biws,r=([^,]+)),p=([A-Za-z0-9+/=]+)$/.exec(text) ?? []
    if (nonce !== /^r=([^,]+)/.exec(serverFirst)?.[1]) return undefined
    const message = `${bare},${serverFirst},${withoutProof}`
    const signature = hmac(storedKey, message)
    const shown = Buffer.from(proof, 'base64')
    const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)))
    if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) return undefined
    step = 'done'
    return Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`)
  }
  return {
    get isDone() {
      return step === 'done'
    },
    answer: (message) =>
      step === 'first' ? first(message.toString()) : step === 'final' ? final(message.toString()) : undefined,
  }
}
