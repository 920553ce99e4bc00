import type { ClassifiedField } from '../../../contract.ts'
import type { Form, Member, Shape } from '../project/form.ts'

/**
 * Where in a value classified parts stand; ways that lead to none are left out. An alternative counts whether it applies
 * or not: what is encrypted no longer has the form by which alternatives are told apart, and both ways must find the
 * same parts.
 */
export interface ClassNode {
  /** The class of the whole value; then nothing inside of it is looked at. */
  readonly field: ClassifiedField | undefined
  /** Declared members; `undefined` where nothing below is classified, which other declarations do not change. */
  readonly members: ReadonlyMap<string, ClassNode | undefined>
  readonly patterns: readonly (readonly [matches: (name: string) => boolean, node: ClassNode | undefined])[]
  readonly rest: ClassNode | undefined
  readonly prefix: readonly (ClassNode | undefined)[]
  readonly items: ClassNode | undefined
}

/** What stands at a name or an index of a value. */
export function classAt(node: ClassNode, step: string | number): ClassNode | undefined {
  if (typeof step === 'number') return node.prefix[step] ?? node.items
  if (node.members.has(step)) return node.members.get(step)
  for (const [matches, matched] of node.patterns) if (matches(step)) return matched
  return node.rest
}

/** A compiled tree with every field in it. */
export interface ClassTree {
  readonly root: ClassNode | undefined
  readonly fields: readonly ClassifiedField[]
}

/** Compiles the tree of a form. */
export function compileClassTree(form: Form, unite: (forms: readonly Form[]) => Form): ClassTree {
  return new TreeBuilder(unite).build(form)
}

interface Draft {
  field: ClassifiedField | undefined
  members: Map<string, Draft | undefined>
  patterns: (readonly [matches: (name: string) => boolean, node: Draft | undefined])[]
  rest: Draft | undefined
  prefix: (Draft | undefined)[]
  items: Draft | undefined
}

class TreeBuilder {
  readonly #unite: (forms: readonly Form[]) => Form
  // By form and name: two properties of one schema are two fields.
  readonly #drafts = new Map<Form, Map<string, Draft>>()
  readonly #open: (readonly [draft: Draft, form: Form, name: string])[] = []
  readonly #all: Draft[] = []

  constructor(unite: (forms: readonly Form[]) => Form) {
    this.#unite = unite
  }

  build(form: Form): ClassTree {
    const root = this.#draft(form, '')
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) this.#fill(...next)
    const useful = findUseful(this.#all)
    for (const draft of useful) prune(draft, useful)
    const fields = this.#all.flatMap(({ field }) => (field === undefined ? [] : [field]))
    return { root: useful.has(root) ? root : undefined, fields }
  }

  #draft(form: Form, name: string): Draft {
    const named = this.#drafts.get(form) ?? new Map<string, Draft>()
    this.#drafts.set(form, named)
    const known = named.get(name)
    if (known !== undefined) return known
    const draft: Draft = {
      field: undefined,
      members: new Map(),
      patterns: [],
      rest: undefined,
      prefix: [],
      items: undefined,
    }
    named.set(name, draft)
    this.#all.push(draft)
    this.#open.push([draft, form, name])
    return draft
  }

  #fill(draft: Draft, form: Form, name: string): void {
    const forms = withAlternatives(form)
    const declared = forms.find(({ dataClass }) => dataClass !== undefined)?.dataClass
    if (declared !== undefined) {
      draft.field = { class: declared.name, name: declared.field ?? name, index: declared.index }
      return
    }
    const shapes = forms.map(({ shape }) => shape)
    for (const member of new Set(shapes.flatMap(({ members }) => [...members.keys()])))
      draft.members.set(member, this.#join(declarationsOf(shapes, member), member))
    draft.patterns = shapes.flatMap(({ patterns }) =>
      patterns.map(([matches, member]) => [matches, this.#draft(member.form(), name)] as const),
    )
    draft.rest = this.#join(
      collect(shapes, ({ rest }) => rest),
      name,
    )
    const longest = Math.max(0, ...shapes.map(({ prefix }) => prefix.length))
    for (let at = 0; at < longest; at++)
      draft.prefix.push(
        this.#join(
          collect(shapes, ({ prefix, items }) => prefix[at] ?? items),
          name,
        ),
      )
    draft.items = this.#join(
      collect(shapes, ({ items }) => items),
      name,
    )
  }

  #join(members: readonly Member[], name: string): Draft | undefined {
    const forms = [...new Set(members.map((member) => member.form()))]
    const [only] = forms
    if (only === undefined) return undefined
    return this.#draft(forms.length === 1 ? only : this.#unite(forms), name)
  }
}

function collect(shapes: readonly Shape[], pick: (shape: Shape) => Member | undefined): readonly Member[] {
  return shapes.map(pick).filter((member) => member !== undefined)
}

/** Everything that is declared of one member: patterns that match its name hold beside its own declaration. */
function declarationsOf(shapes: readonly Shape[], name: string): readonly Member[] {
  const matching = shapes.flatMap(({ patterns }) => patterns.filter(([matches]) => matches(name)))
  return [...collect(shapes, ({ members }) => members.get(name)), ...matching.map(([, member]) => member)]
}

function withAlternatives(form: Form): readonly Form[] {
  const all = new Set([form])
  // A set that grows while it is walked is walked to its end.
  for (const each of all) for (const { form } of each.alternatives) all.add(form())
  return [...all]
}

function findUseful(drafts: readonly Draft[]): ReadonlySet<Draft> {
  const useful = new Set(drafts.filter(({ field }) => field !== undefined))
  for (let before = -1; before !== useful.size;) {
    before = useful.size
    for (const draft of drafts) if (childrenOf(draft).some((child) => useful.has(child))) useful.add(draft)
  }
  return useful
}

function childrenOf({ members, patterns, rest, prefix, items }: Draft): readonly Draft[] {
  return [...members.values(), ...patterns.map(([, node]) => node), rest, ...prefix, items].filter(
    (child) => child !== undefined,
  )
}

function prune(draft: Draft, useful: ReadonlySet<Draft>): void {
  const keep = (child: Draft | undefined): Draft | undefined =>
    child !== undefined && useful.has(child) ? child : undefined
  draft.members = new Map([...draft.members].map(([name, child]) => [name, keep(child)]))
  draft.patterns = draft.patterns.map(([matches, child]) => [matches, keep(child)])
  draft.rest = keep(draft.rest)
  draft.prefix = draft.prefix.map(keep)
  draft.items = keep(draft.items)
}
