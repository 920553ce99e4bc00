import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { KafkaError } from './kafka-error.ts'

/** What a server may ask for: fewer would be weak (RFC 7677), more a way to keep this machine busy. */
const fewestIterations = 4_096
const mostIterations = 1_000_000

const derive = promisify(pbkdf2)

/** A client's side of SCRAM (RFC 5802 section 3), without channel binding, which Kafka does not have. */
export class ScramClient {
  /** What it says first. */
  readonly first: string
  readonly #digest: 'sha256' | 'sha512'
  readonly #password: string
  readonly #nonce: string
  readonly #bare: string

  constructor(
    digest: 'sha256' | 'sha512',
    username: string,
    password: string,
    nonce = randomBytes(24).toString('base64'),
  ) {
    this.#digest = digest
    this.#password = password
    this.#nonce = nonce
    this.#bare = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
    this.first = `n,,${this.#bare}`
  }

  /**
   * What it says to the server's first message, and the signature that the server must show then.
   *
   * @throws KafkaError where the server's message is not of the protocol, or demands what nobody should
   */
  async final(serverFirst: string): Promise<{ readonly message: string; readonly signature: Buffer }> {
    const { nonce, salt, iterations } = this.#read(serverFirst)
    const size = this.#digest === 'sha256' ? 32 : 64
    const salted = await derive(this.#password, salt, iterations, size, this.#digest)
    const withoutProof = `c=biws,r=${nonce}`
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`
    const clientKey = this.#hmac(salted, 'Client Key')
    const storedKey = createHash(this.#digest).update(clientKey).digest()
    const clientSignature = this.#hmac(storedKey, authMessage)
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (clientSignature[index] ?? 0)))
    return {
      message: `${withoutProof},p=${proof.toString('base64')}`,
      signature: this.#hmac(this.#hmac(salted, 'Server Key'), authMessage),
    }
  }

  #read(text: string): { readonly nonce: string; readonly salt: Buffer; readonly iterations: number } {
    const [, nonce = '', salt = '', count = ''] =
      /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+=*),i=([1-9]\d{0,8})(?:,|$)/.exec(text) ?? []
    const iterations = Number(count)
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length)
      throw new KafkaError('the broker answered the login with something that is not SCRAM')
    if (iterations < fewestIterations || iterations > mostIterations)
      throw new KafkaError(`the broker wants ${iterations} iterations of the password's hash`)
    return { nonce, salt: Buffer.from(salt, 'base64'), iterations }
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#digest, key).update(text).digest()
  }
}
