import type { Diagnostic } from '@gateward/kernel'
import type { Grammar } from '../grammar/grammar.ts'
import type { ObjectName } from '../grammar/objects.ts'
import type { Found } from '../grammar/walk.ts'
import { Walker } from '../grammar/walk.ts'
import { isRecord } from '../pointer/is-record.ts'
import { childPointer, fragmentPointer, pointerTokens, valueAt } from '../pointer/json-pointer.ts'
import { findCrossing } from './find-crossing.ts'
import { encodeFragment, isAnchor, toAddress, withoutFragment } from './reference-address.ts'
import type { SourceFile } from './source-file.ts'

/** Where the values of other files stand in the whole. */
const bundleKey = 'x-bundled'

const maxFiles = 10_000

/** References that one reference may lead through, and tokens that its pointer may get: those that lead through each other grow. */
const maxHops = 32
const maxTokens = 256

/** Reads one more file of the document, or says why it cannot. */
export type OpenFile = (url: URL, referrer: SourceFile) => Promise<SourceFile | Omit<Diagnostic, 'severity'>>

/** The whole of a document: its files in the order of their numbers, the first being the document itself. */
interface Bundle {
  readonly files: readonly SourceFile[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A reference whose target has to be walked, as it takes the target's place in the document. */
interface Pending {
  readonly file: number
  readonly pointer: string
  readonly type: ObjectName
  readonly referrer: string
  readonly reference: string
  /** Where the reference stands, to be rewritten. */
  readonly owner: Record<string, unknown>
  readonly member: string
  /** How many references it has led through so far. */
  readonly hops: number
}

/**
 * Brings in every file that the document's references reach, and rewrites the references so that they are all
 * local to the root. References to anchors and to `$id`s are left to the schema compiler.
 */
export async function bundle(root: SourceFile, grammar: Grammar, open: OpenFile): Promise<Bundle> {
  const bundler = new Bundler(root, grammar)
  await bundler.run(open)
  return { files: bundler.files, diagnostics: bundler.diagnostics }
}

class Bundler {
  readonly files: SourceFile[]
  readonly diagnostics: Diagnostic[] = []
  readonly #root: Record<string, unknown>
  readonly #walker: Walker
  readonly #self: string | undefined
  readonly #numbers = new Map<string, number>()
  /** The addresses of files that were mentioned and not read yet, by their number. */
  readonly #wanted = new Map<number, { readonly url: URL; readonly referrer: string }>()
  readonly #broken = new Set<number>()
  readonly #pending: Pending[] = []
  /** Those that lead through a reference of which nobody knows yet where it leads. */
  readonly #waiting: Pending[] = []
  readonly #localised = new WeakSet<object>()
  readonly #ids = new Set<string>()
  readonly #foreign: Found[] = []

  constructor(root: SourceFile, grammar: Grammar) {
    this.files = [root]
    this.#root = root.value as Record<string, unknown>
    this.#self = typeof this.#root['$self'] === 'string' ? this.#root['$self'] : undefined
    this.#numbers.set(withoutFragment(root.url).href, 0)
    this.#walker = new Walker(grammar, {
      object: (found) => this.#visit(found),
      reference: (found, reference) => this.#refer(found, reference),
    })
  }

  async run(open: OpenFile): Promise<void> {
    if (Object.hasOwn(this.#root, bundleKey)) {
      this.#report(
        childPointer('', bundleKey),
        'reserved-name',
        `"${bundleKey}" is a name that Gateward needs itself`,
      )
      return
    }
    this.#walker.walk(this.#root, 'OpenAPI', '')
    await this.#followAll(open)
    while (this.#foreign.length > 0) {
      this.#resolveForeign()
      await this.#followAll(open)
    }
    for (const { referrer, reference } of this.#waiting) this.#reportUnresolved(referrer, reference)
  }

  async #followAll(open: OpenFile): Promise<void> {
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      await this.#openWanted(next.file, open)
      if (!this.#broken.has(next.file)) this.#follow(next)
      if (this.#pending.length === 0) this.#goOn()
    }
  }

  #visit({ value, type, pointer }: Found): void {
    if (type.name === 'Schema' && typeof value['$id'] === 'string') this.#ids.add(value['$id'])
    if (type.name !== 'Discriminator') return
    const discriminator = value as Record<string, unknown>
    this.#localiseMapping(discriminator, 'defaultMapping', pointer)
    if (!isRecord(discriminator['mapping'])) return
    const mapping = discriminator['mapping'] as Record<string, unknown>
    for (const name of Object.keys(mapping)) {
      this.#localiseMapping(mapping, name, childPointer(pointer, 'mapping'))
    }
  }

  /** A bare name means a schema of the components, in the document itself; anything else is a reference. */
  #localiseMapping(owner: Record<string, unknown>, name: string, pointer: string): void {
    const target = owner[name]
    if (typeof target !== 'string') return
    if (/^[\w.-]+$/.test(target) && !/\.(?:json|ya?ml)$/i.test(target)) return
    this.#localise(owner, name, childPointer(pointer, name), 'Schema')
  }

  #refer(found: Found, reference: string): void {
    const { value, type } = found
    if (type.name === 'Schema') {
      if (typeof value['$id'] === 'string') this.#ids.add(value['$id'])
      if (isAnchor(reference)) return
      if (!reference.startsWith('#')) {
        this.#foreign.push(found)
        return
      }
    }
    this.#rewrite(found)
  }

  /** Schemas refer by `$id` as well as by file; which of both it is shows once every `$id` is known. */
  #resolveForeign(): void {
    for (const found of this.#foreign.splice(0)) {
      const reference = String(found.value['$ref'])
      if (!this.#namesId(reference)) this.#rewrite(found)
    }
  }

  #namesId(reference: string): boolean {
    const [target = ''] = reference.split('#')
    for (const id of this.#ids) {
      if (id === target || toAddress(target, id) === toAddress(id, id)) return true
    }
    return false
  }

  #rewrite({ value, type, pointer }: Found): void {
    this.#localise(value, '$ref', childPointer(pointer, '$ref'), type.name)
  }

  /** Makes of a reference one into the root, with its target set down to be walked; a mistake where it is none. */
  #localise(owner: Record<string, unknown>, member: string, referrer: string, type: ObjectName): void {
    const reference = String(owner[member])
    const from = this.#fileOf(referrer)
    const hash = reference.indexOf('#')
    const address = hash === -1 ? reference : reference.slice(0, hash)
    const inFile = fragmentPointer(hash === -1 ? '' : reference.slice(hash + 1))
    if (inFile === undefined) {
      this.#report(referrer, 'bad-reference', `"${reference}" has no JSON Pointer after its "#"`)
      return
    }
    const file = this.#numberOf(address, from, referrer)
    if (file === undefined) return
    const pointer = file === 0 ? inFile : `/${bundleKey}/${file - 1}${inFile}`
    this.#lead({ file, pointer, type, referrer, reference, owner, member, hops: 0 })
  }

  #lead(pending: Pending): void {
    const { owner, member, pointer } = pending
    owner[member] = `#${encodeFragment(pointer)}`
    if (member === '$ref') this.#localised.add(owner)
    this.#pending.push(pending)
  }

  #numberOf(address: string, from: number, referrer: string): number | undefined {
    if (address === '') return from
    if (address === this.#self) return 0
    const base = this.files[from]?.url
    if (base === undefined || !URL.canParse(address, base.href)) {
      return this.#report(referrer, 'bad-reference', `"${address}" is no address of a file`)
    }
    const url = withoutFragment(new URL(address, base))
    if (url.protocol === 'file:' && base.protocol !== 'file:') {
      return this.#report(
        referrer,
        'bad-reference',
        `a document of the network may not refer to the file ${url.pathname}`,
      )
    }
    const known = this.#numbers.get(url.href)
    if (known !== undefined) return known
    const number = this.#numbers.size
    if (number > maxFiles) {
      return this.#report(referrer, 'too-many-files', `more than ${maxFiles} files are referred to`)
    }
    this.#numbers.set(url.href, number)
    this.#wanted.set(number, { url, referrer })
    return number
  }

  async #openWanted(number: number, open: OpenFile): Promise<void> {
    const wanted = this.#wanted.get(number)
    const from = this.files[this.#fileOf(wanted?.referrer ?? '')]
    if (wanted === undefined || from === undefined) return
    this.#wanted.delete(number)
    const opened = await open(wanted.url, from)
    if ('code' in opened) {
      this.#broken.add(number)
      this.diagnostics.push({ ...opened, severity: 'error', position: this.#positionOf(wanted.referrer) })
      return
    }
    this.diagnostics.push(...opened.diagnostics)
    if (opened.value === undefined) this.#broken.add(number)
    this.files[number] = opened
    this.#bundled()[number - 1] = opened.value
  }

  #bundled(): unknown[] {
    const known = this.#root[bundleKey]
    if (Array.isArray(known)) return known
    const bundled: unknown[] = []
    this.#root[bundleKey] = bundled
    return bundled
  }

  #follow(pending: Pending): void {
    const { pointer, type, referrer, reference } = pending
    const tokens = pointerTokens(pointer) ?? []
    const target = valueAt(this.#root, tokens)
    if (target !== undefined) this.#walker.walk(target, type, pointer)
    else if (findCrossing(this.#root, tokens) === undefined) this.#reportUnresolved(referrer, reference)
    else this.#waiting.push(pending)
  }

  /** Takes those that lead through a reference a step further, where it is known by now where that one leads. */
  #goOn(): void {
    for (const pending of this.#waiting.splice(0)) {
      const onward = this.#stepThrough(pending)
      if (onward === undefined) this.#waiting.push(pending)
      else this.#lead(onward)
    }
  }

  #stepThrough(pending: Pending): Pending | undefined {
    const crossing = findCrossing(this.#root, pointerTokens(pending.pointer) ?? [])
    if (crossing === undefined || !this.#localised.has(crossing.owner)) return undefined
    const target = pointerTokens(fragmentPointer(crossing.reference.slice(1)) ?? '') ?? []
    const tokens = [...target, ...crossing.rest]
    if (pending.hops === maxHops || tokens.length > maxTokens) return undefined
    const pointer = tokens.reduce(childPointer, '')
    return { ...pending, pointer, file: this.#fileOf(pointer), hops: pending.hops + 1 }
  }

  #fileOf(pointer: string): number {
    const [key, number] = pointer.slice(1).split('/', 2)
    return key === bundleKey ? Number(number) + 1 : 0
  }

  #positionOf(pointer: string) {
    return positionIn(this.files, pointer)
  }

  #reportUnresolved(referrer: string, reference: string): void {
    this.#report(referrer, 'unresolved-reference', `"${reference}" leads to nothing`)
  }

  #report(referrer: string, code: string, message: string): undefined {
    this.diagnostics.push({ code, severity: 'error', message, position: this.#positionOf(referrer) })
  }
}

/** The place of a pointer into the whole, in the file it came from. */
export function positionIn(files: readonly SourceFile[], pointer: string) {
  const tokens = pointerTokens(pointer) ?? []
  const bundled = tokens[0] === bundleKey ? files[Number(tokens[1]) + 1] : undefined
  const [root] = files
  if (root === undefined) return { file: '', line: 1, column: 1 }
  return bundled === undefined ? root.positionOf(tokens) : bundled.positionOf(tokens.slice(2))
}
