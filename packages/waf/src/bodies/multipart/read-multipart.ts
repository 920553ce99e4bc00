import type { ByteString } from '../../language/bytes.ts'
import { bytesOf } from '../../language/bytes.ts'
import { ArgumentWriter } from '../argument-writer.ts'
import type { BodyLimits } from '../body-limits.ts'
import type { BodyReading } from '../body-reading.ts'
import { readingOf } from '../body-reading.ts'
import type { BodySink } from '../body-sink.ts'
import { findParts } from './find-parts.ts'
import { MultipartFlags } from './multipart-flags.ts'
import { readBoundary } from './read-boundary.ts'
import type { Disposition } from './read-content-disposition.ts'
import { readContentDisposition } from './read-content-disposition.ts'
import type { PartHead } from './read-part-head.ts'
import { readPartHead } from './read-part-head.ts'
import { undoTransferEncoding } from './undo-transfer-encoding.ts'

/**
 * Reads `multipart/form-data` (RFC 7578): fields into `ARGS_POST`, files into `FILES`, `FILES_NAMES`, `FILES_SIZES` and
 * (where the limits allow) `FILES_TMP_CONTENT`, headers into `MULTIPART_PART_HEADERS`. Whatever two readers could
 * understand differently is a `MULTIPART_…` variable, and is read on in the lenient way, so that rules see what the most
 * lenient backend would.
 */
export function readMultipart(
  body: Buffer,
  limits: BodyLimits,
  sink: BodySink,
  contentType: ByteString,
): BodyReading {
  const flags = new MultipartFlags()
  const boundary = readBoundary(contentType, flags)
  const text = bytesOf(body)
  const reading = new MultipartText(text, limits, sink, flags)
  if (boundary === undefined || !reading.addParts(boundary)) {
    // No part was found, so no rule has seen a byte.
    sink.add('ARGS_POST', '' as ByteString, text)
  }
  flags.publish(sink)
  return readingOf(flags.error, flags.error === undefined ? [] : flags.names())
}

class MultipartText {
  readonly #text: ByteString
  readonly #limits: BodyLimits
  readonly #sink: BodySink
  readonly #writer: ArgumentWriter
  readonly #headers: ArgumentWriter
  readonly #flags: MultipartFlags
  #files = 0
  #fileBytes = 0

  constructor(text: ByteString, limits: BodyLimits, sink: BodySink, flags: MultipartFlags) {
    this.#text = text
    this.#limits = limits
    this.#sink = sink
    this.#writer = new ArgumentWriter(sink, limits)
    this.#headers = new ArgumentWriter(sink, limits)
    this.#flags = flags
  }

  /** Adds every part there is room for, and says whether there was any. */
  addParts(boundary: ByteString): boolean {
    const parts = findParts(this.#text, boundary, this.#flags)
    for (const [index, part] of parts.entries()) {
      if (index >= this.#limits.arguments) {
        this.#flags.fail(`more than ${this.#limits.arguments} parts`)
        this.#sink.add('ARGS_POST', '' as ByteString, this.#text.slice(part.start) as ByteString)
        break
      }
      const head = readPartHead(this.#text, part, this.#limits.partHeaderBytes, this.#flags)
      this.#addPart(head, this.#text.slice(head.contentStart, part.end) as ByteString)
    }
    this.#sink.set('FILES_COMBINED_SIZE', this.#fileBytes)
    return parts.length > 0
  }

  #addPart(head: PartHead, content: ByteString): void {
    const written = head.fields.get('content-disposition')
    if (written === undefined) {
      this.#flags.note('MULTIPART_INVALID_PART')
      this.#flags.fail('a part without a Content-Disposition')
    }
    const disposition = written === undefined ? nameless : readContentDisposition(written, this.#flags)
    const names = disposition.names.length === 0 ? unnamed : disposition.names
    for (const line of head.lines) {
      this.#note(this.#headers.add('MULTIPART_PART_HEADERS', names[0] as ByteString, line))
    }
    if (disposition.filenames.length === 0) this.#addField(names, head, content)
    else this.#addFile(names, disposition.filenames, head, content)
  }

  #addField(names: readonly ByteString[], head: PartHead, content: ByteString): void {
    const decoded = undoTransferEncoding(content, head.fields.get('content-transfer-encoding'))
    for (const name of names) {
      this.#note(this.#writer.add('ARGS_POST', name, content))
      if (decoded !== undefined) this.#note(this.#writer.add('ARGS_POST', name, decoded))
    }
  }

  #addFile(
    names: readonly ByteString[],
    filenames: readonly ByteString[],
    head: PartHead,
    content: ByteString,
  ): void {
    this.#files += 1
    this.#fileBytes += content.length
    if (this.#files > this.#limits.files) {
      this.#flags.note('MULTIPART_FILE_LIMIT_EXCEEDED')
      this.#flags.fail(`more than ${this.#limits.files} files`)
    }
    const size = String(content.length) as ByteString
    for (const name of names) {
      for (const filename of filenames) this.#addFilename(name, filename)
      this.#sink.add('FILES_NAMES', name, name)
      this.#sink.add('MULTIPART_NAME', name, name)
      this.#sink.add('FILES_SIZES', name, size)
      if (this.#limits.fileContentBytes > 0) {
        this.#sink.add(
          'FILES_TMP_CONTENT',
          name,
          content.slice(0, this.#limits.fileContentBytes) as ByteString,
        )
      }
    }
    // A form with no file chosen sends an empty name and no content; content under an empty name is a field to some.
    if (filenames.every((filename) => filename === '') && content !== '') this.#addField(names, head, content)
  }

  #addFilename(name: ByteString, filename: ByteString): void {
    if (filename === '') return
    this.#note(this.#writer.add('FILES', name, filename))
    this.#sink.add('MULTIPART_FILENAME', name, filename)
  }

  #note(error: string | undefined): void {
    if (error !== undefined) this.#flags.fail(error)
  }
}

const unnamed: readonly ByteString[] = ['' as ByteString]
const nameless: Disposition = { names: [], filenames: [] }
