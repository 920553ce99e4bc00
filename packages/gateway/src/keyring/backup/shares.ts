import { DiagnosticError } from '@gateward/kernel'
import { crc32 } from 'node:zlib'
import { combineShares, splitSecret, type SplitTerms } from '../crypto/split-secret.ts'

/**
 * Shares of a secret as lines that people keep: `gateward-share:v1:<backup id>:<threshold>:<base64url>:<CRC-32>`. The
 * checksum finds typing mistakes; that the shares are the right ones, only opening the backup shows.
 */
export async function writeShares(
  backupId: string,
  secret: Uint8Array,
  terms: SplitTerms,
): Promise<readonly string[]> {
  return (await splitSecret(secret, terms)).map((share) => {
    const body = `${shareForm}:${backupId}:${terms.threshold}:${share.toString('base64url')}`
    return `${body}:${checksum(body)}`
  })
}

/**
 * The secret of enough shares of one backup.
 *
 * @throws DiagnosticError where one is damaged, of another backup, or twice there, or where they are too few
 */
export async function readShares(backupId: string, lines: readonly string[]): Promise<Buffer> {
  const shares = lines.map((line, index) => readShare(line, index + 1))
  const foreign = shares.find((share) => share.backupId !== backupId)
  if (foreign !== undefined)
    throw mistake(
      'foreign-share',
      `share ${foreign.number} is of the backup ${foreign.backupId}, and this is ${backupId}`,
      'name shares of this backup',
    )
  const different = new Map(shares.map((share) => [share.bytes.toString('hex'), share.bytes]))
  const needed = shares[0]?.threshold ?? 2
  if (different.size < needed)
    throw mistake(
      'too-few-shares',
      `${different.size} different shares were named, and this backup needs ${needed}`,
      'name more of them with --share',
    )
  return combineShares([...different.values()])
}

interface Share {
  readonly number: number
  readonly backupId: string
  readonly threshold: number
  readonly bytes: Buffer
}

const shareForm = 'gateward-share:v1'
const sharePattern = /^(gateward-share:v1:([0-9A-Za-z]{1,32}):(\d{1,3}):([\w-]{8,200})):([0-9a-f]{8})$/

function readShare(line: string, number: number): Share {
  const [, body = '', backupId = '', threshold = '', encoded = '', check] =
    sharePattern.exec(line.trim()) ?? []
  if (check === undefined || check !== checksum(body))
    throw mistake(
      'damaged-share',
      `share ${number} is not one, or a character of it is wrong`,
      'copy it again, whole',
    )
  return { number, backupId, threshold: Number(threshold), bytes: Buffer.from(encoded, 'base64url') }
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0')
}

function mistake(code: string, message: string, fix: string): DiagnosticError {
  return new DiagnosticError([{ code, severity: 'error', message, fix }])
}
