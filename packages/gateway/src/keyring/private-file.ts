import { Fault } from '@gateward/kernel'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** What a file holds that only its owner may read, and how its faults are told. */
export interface PrivateFile {
  readonly file: string
  /** What people call it, such as `the pepper`. */
  readonly name: string
  /** The code of its faults. */
  readonly code: string
  /** Bytes that it may have at most. */
  readonly maximumBytes: number
}

/**
 * Makes the file with `make` where it is missing; never over one that is there.
 *
 * @throws Fault with the file's code
 */
export function createPrivateFile(target: PrivateFile, make: () => Uint8Array): void {
  const { file, name } = target
  if (existsSync(file)) return
  try {
    const draft = writeDraft(file, make())
    // A link fails where the file is there already, so of two processes that start at once one makes it, and neither a
    // crash nor the other ever leaves or sees half of it.
    try {
      linkSync(draft, file)
    } finally {
      unlinkSync(draft)
    }
  } catch (cause) {
    if (isAlreadyThere(cause)) return
    throw new Fault(target.code, `${name} ${file} cannot be made`, { source: 'gateway', cause })
  }
}

/** Puts other bytes in the place of a file, wholly or not at all. */
export function replacePrivateFile({ file, name, code }: PrivateFile, bytes: Uint8Array): void {
  try {
    renameSync(writeDraft(file, bytes), file)
  } catch (cause) {
    throw new Fault(code, `${name} ${file} cannot be written`, { source: 'gateway', cause })
  }
}

/**
 * Reads a file that nobody but its owner may read.
 *
 * @throws Fault with the file's code where it is missing, no regular file, too large, or open to others
 */
export function readPrivateFile(target: PrivateFile): Buffer {
  const stat = lstatSync(target.file, { throwIfNoEntry: false })
  if (stat === undefined) throw unusable(target, 'is missing')
  if (!stat.isFile()) throw unusable(target, 'is not a regular file')
  if ((stat.mode & 0o077) !== 0)
    throw unusable(target, 'can be read by others than its owner; run chmod 600 on it')
  if (stat.size > target.maximumBytes)
    throw unusable(target, `has ${stat.size} bytes, more than ${target.maximumBytes}`)
  return readFileSync(target.file)
}

/** What is wrong with a private file, as a fault with its code. */
export function unusable({ file, name, code }: PrivateFile, reason: string): Fault {
  return new Fault(code, `${name} ${file} ${reason}`, { source: 'gateway' })
}

function writeDraft(file: string, bytes: Uint8Array): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  writeFileSync(draft, bytes, { flag: 'wx', mode: 0o600, flush: true })
  return draft
}

function isAlreadyThere(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'
}
