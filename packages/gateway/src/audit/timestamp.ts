import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import * as asn1js from 'asn1js'
import {
  AlgorithmIdentifier,
  Certificate,
  ContentInfo,
  MessageImprint,
  PKIStatus,
  SignedData,
  TimeStampReq,
  TimeStampResp,
  TSTInfo,
} from 'pkijs'
import { Fault } from '@gateward/kernel'

/** What a timestamp says. */
export interface Timestamp {
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** The subject of the certificate that signed it. */
  readonly authority: string
}

const deadline = 15_000
const mostBytes = 64 * 1_024
const sha256 = '2.16.840.1.101.3.4.2.1'
const granted: ReadonlySet<PKIStatus> = new Set([PKIStatus.granted, PKIStatus.grantedWithMods])
/** id-kp-timeStamping: RFC 3161 section 2.3. */
const timeStamping = '1.3.6.1.5.5.7.3.8'
const extendedKeyUsage = '2.5.29.37'

/**
 * Asks a time stamping authority (RFC 3161, over HTTP) to put a date on bytes, and checks what it answers.
 *
 * @param ca PEM with the authority's root
 * @returns the response, base64
 * @throws Fault `TIMESTAMP_UNAVAILABLE` where none was given, `TIMESTAMP_REFUSED` where it proves nothing
 */
export async function requestTimestamp(
  bytes: Buffer,
  { url, ca }: { readonly url: string; readonly ca: string },
): Promise<string> {
  const nonce = randomBytes(16)
  // A first bit of 0: a negative number is written otherwise by some.
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40
  const response = await send(url, Buffer.from(toRequest(bytes, nonce)))
  await readTimestamp(bytes, response.toString('base64'), ca, nonce)
  return response.toString('base64')
}

/**
 * Checks that a response puts a date on exactly these bytes.
 *
 * @param ca PEM with the authority's root; `undefined`: whoever signed is not asked about
 * @throws Fault `TIMESTAMP_REFUSED`
 */
export async function readTimestamp(
  bytes: Buffer,
  response: string,
  ca: string | undefined,
  nonce?: Buffer,
): Promise<Timestamp> {
  const reading = parse(Buffer.from(response, 'base64'))
  const { info, signed } = reading
  const imprint = Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView)
  if (info.messageImprint.hashAlgorithm.algorithmId !== sha256 || !imprint.equals(digest(bytes)))
    throw refused('it is of something else')
  if (nonce !== undefined && !isNonce(info, nonce)) throw refused('it answers another request')
  const signer = await checkSignature(signed, bytes, ca)
  return { at: info.genTime.getTime(), authority: signer }
}

function toRequest(bytes: Buffer, nonce: Buffer): ArrayBuffer {
  const request = new TimeStampReq({
    version: 1,
    messageImprint: new MessageImprint({
      hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: toArrayBuffer(digest(bytes)) }),
    }),
    nonce: new asn1js.Integer({ valueHex: toArrayBuffer(nonce) }),
    certReq: true,
  })
  return request.toSchema().toBER()
}

async function send(url: string, body: Buffer): Promise<Buffer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: new Uint8Array(body),
      redirect: 'error',
      signal: AbortSignal.timeout(deadline),
    })
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    if (bytes.length > mostBytes) throw new Error('its answer is too long')
    return bytes
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('TIMESTAMP_UNAVAILABLE', `${url} gave no timestamp: ${reason}`, {
      source: 'upstream',
      cause,
    })
  }
}

function parse(bytes: Buffer): { readonly info: TSTInfo; readonly signed: SignedData } {
  try {
    const response = TimeStampResp.fromBER(toArrayBuffer(bytes))
    // RFC 3161 section 2.4.2.
    if (!granted.has(response.status.status))
      throw new Error(`the authority refused with status ${response.status.status}`)
    if (response.timeStampToken === undefined) throw new Error('there is no token')
    const signed = new SignedData({
      schema: new ContentInfo({ schema: response.timeStampToken.toSchema() }).content,
    })
    const content = signed.encapContentInfo.eContent
    if (content === undefined) throw new Error('the token is empty')
    return { info: TSTInfo.fromBER(toArrayBuffer(Buffer.from(content.getValue()))), signed }
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

async function checkSignature(signed: SignedData, bytes: Buffer, ca: string | undefined): Promise<string> {
  try {
    const trustedCerts = ca === undefined ? [] : certificatesIn(ca)
    const result = await signed.verify({
      signer: 0,
      data: toArrayBuffer(bytes),
      trustedCerts,
      checkChain: ca !== undefined,
      extendedMode: true,
    })
    const { signatureVerified, signerCertificate, signerCertificateVerified } = result
    if (signatureVerified !== true) throw new Error('its signature is not good')
    if (ca !== undefined && signerCertificateVerified !== true)
      throw new Error('its certificate does not come from the authority that is trusted')
    if (signerCertificate === null || signerCertificate === undefined)
      throw new Error('it brings no certificate')
    if (!stampsTime(signerCertificate)) throw new Error('its certificate is not one for timestamps')
    return new X509Certificate(Buffer.from(signerCertificate.toSchema().toBER())).subject.replaceAll(
      '\n',
      ', ',
    )
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : 'its signature cannot be checked', cause)
  }
}

function stampsTime({ extensions = [] }: Certificate): boolean {
  const usage = extensions.find(({ extnID }) => extnID === extendedKeyUsage)
  const parsed: unknown = usage?.parsedValue
  const purposes = (parsed as { readonly keyPurposes?: readonly string[] } | undefined)?.keyPurposes
  return usage?.critical === true && purposes?.length === 1 && purposes[0] === timeStamping
}

function certificatesIn(pem: string): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => Certificate.fromBER(toArrayBuffer(new X509Certificate(block).raw)))
}

function isNonce({ nonce }: TSTInfo, expected: Buffer): boolean {
  return nonce !== undefined && Buffer.from(nonce.valueBlock.valueHexView).equals(expected)
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function refused(reason: string, cause?: unknown): Fault {
  return new Fault('TIMESTAMP_REFUSED', `the timestamp proves nothing: ${reason}`, {
    source: 'upstream',
    cause,
  })
}
