import type { ByteClass } from './byte-class.ts'
import type { MatchRun } from './match-run.ts'
import { hasFailed, mayDescend, mayStep, noteFailure } from './match-run.ts'
import { beginningOf, fixedLength } from './measure.ts'
import { wordBytes } from './named-classes.ts'
import { RegexSyntaxError } from './regex-mistake.ts'
import type { Assertion, LookNode, RegexNode, RepeatNode } from './syntax-tree.ts'
import { someNode } from './syntax-tree.ts'

/** Goes on from a place in the text: where the match ends, or -1. */
export type Step = (at: number) => number

/**
 * Whether failing at a place depends on that place alone, so that it need not be tried twice: `always`; `never`,
 * where it depends on what a group captured; `before`, true of all that precedes the first group referred to.
 */
type Memory = 'always' | 'before' | 'never'

/** Compiles a tree whose counts are unrolled to closures that work on one run. */
export function compileSteps(root: RegexNode, run: MatchRun): Step {
  const referenced = new Set<number>()
  collectReferences(root, referenced)
  return new StepCompiler(run, referenced).compile(root, accept, referenced.size === 0 ? 'always' : 'before')
}

function collectReferences(node: RegexNode, into: Set<number>): void {
  someNode(node, (part) => {
    if (part.kind === 'backreference') into.add(part.index)
    return false
  })
}

function accept(at: number): number {
  return at
}

class StepCompiler {
  readonly #run: MatchRun
  readonly #referenced: ReadonlySet<number>

  constructor(run: MatchRun, referenced: ReadonlySet<number>) {
    this.#run = run
    this.#referenced = referenced
  }

  compile(node: RegexNode, next: Step, memory: Memory): Step {
    switch (node.kind) {
      case 'bytes':
        return this.#compileBytes(node.bytes, next)
      case 'sequence':
        return this.#compileSequence(node.items, next, memory)
      case 'choice':
        return this.#compileChoice(node.branches, next, within(memory))
      case 'capture':
        return this.#compileCapture(node.index, node.body, next, memory)
      case 'repeat':
        return this.#compileRepeat(node, next, within(memory))
      case 'assertion':
        return this.#compileAssertion(node.assertion, next)
      case 'look':
        return node.behind ? this.#compileLookbehind(node, next) : this.#compileLookahead(node, next)
      case 'atomic': {
        const body = this.compile(node.body, accept, this.#alone(node.body))
        return (at) => {
          const end = body(at)
          return end < 0 ? -1 : next(end)
        }
      }
      case 'backreference':
        return this.#compileBackreference(node.index, node.ignoreCase, next)
    }
  }

  #compileBytes(bytes: ByteClass, next: Step): Step {
    const run = this.#run
    return (at) => (at < run.text.length && bytes.has(run.text.charCodeAt(at)) ? next(at + 1) : -1)
  }

  #compileSequence(items: readonly RegexNode[], next: Step, memory: Memory): Step {
    const capturing = items.findIndex((item) => this.#capturesReferenced(item))
    return items.reduceRight<Step>((rest, item, index) => {
      if (memory !== 'before' || index === capturing) return this.compile(item, rest, memory)
      return this.compile(item, rest, index < capturing ? 'always' : 'never')
    }, next)
  }

  #compileChoice(branches: readonly RegexNode[], next: Step, memory: Memory): Step {
    const steps = branches.map((branch) => this.compile(branch, next, memory))
    return this.#fork(memory, (at) => {
      for (const step of steps) {
        const end = step(at)
        if (end >= 0) return end
      }
      return -1
    })
  }

  #compileCapture(index: number, body: RegexNode, next: Step, memory: Memory): Step {
    const { spans } = this.#run
    let start = -1
    const close: Step = (at) => {
      const [from, to] = [spans[2 * index] ?? -1, spans[2 * index + 1] ?? -1]
      spans[2 * index] = start
      spans[2 * index + 1] = at
      const end = next(at)
      if (end < 0) {
        spans[2 * index] = from
        spans[2 * index + 1] = to
      }
      return end
    }
    const inner = this.compile(body, close, this.#referenced.has(index) ? 'never' : memory)
    return (at) => {
      const outer = start
      start = at
      const end = inner(at)
      start = outer
      return end
    }
  }

  /** Counts are unrolled, so a repetition is `?`, `*` or `+`. */
  #compileRepeat(node: RepeatNode, next: Step, memory: Memory): Step {
    if (node.max === 1) return this.#compileOptional(node, next, memory)
    const loop =
      node.body.kind === 'bytes'
        ? this.#compileRunOfBytes(node.body.bytes, node.lazy, next, memory)
        : this.#compileLoop(node, next, memory)
    return node.min === 0 ? loop : this.compile(node.body, loop, memory)
  }

  #compileOptional({ body, lazy }: RepeatNode, next: Step, memory: Memory): Step {
    const once = this.compile(body, next, memory)
    return this.#fork(memory, (at) => {
      const end = lazy ? next(at) : once(at)
      if (end >= 0) return end
      return lazy ? once(at) : next(at)
    })
  }

  #compileLoop({ body, lazy }: RepeatNode, next: Step, memory: Memory): Step {
    let entry = -1
    // Where an iteration may be empty, failing inside it depends on where it began, and not on the place alone.
    const inside = beginningOf(body).mayBeEmpty ? 'never' : memory
    // An iteration that consumed nothing is the last, as in PCRE; it could go on for ever.
    const again = this.compile(body, (at) => (at === entry ? next(at) : loop(at)), inside)
    const iterate: Step = (at) => {
      const outer = entry
      entry = at
      const end = again(at)
      entry = outer
      return end
    }
    const loop: Step = this.#fork(memory, (at) => {
      const end = lazy ? next(at) : iterate(at)
      if (end >= 0) return end
      return lazy ? iterate(at) : next(at)
    })
    return loop
  }

  /** A run of one class of bytes needs no recursion, however long it is. */
  #compileRunOfBytes(bytes: ByteClass, lazy: boolean, next: Step, memory: Memory): Step {
    const run = this.#run
    const fork = memory === 'always' ? run.forks++ : -1
    const tryAt: Step = (at) => {
      if (!mayStep(run)) return -1
      const end = next(at)
      if (end < 0 && fork >= 0) noteFailure(run, fork, at)
      return end
    }
    const goesOn = (at: number) => at < run.text.length && bytes.has(run.text.charCodeAt(at))
    const known = (at: number) => fork >= 0 && hasFailed(run, fork, at)
    if (lazy) {
      return (at) => {
        for (let place = at; !known(place); place++) {
          const end = tryAt(place)
          if (end >= 0) return end
          if (run.exhausted || !goesOn(place)) return -1
        }
        return -1
      }
    }
    return (at) => {
      let last = at
      while (!known(last) && goesOn(last)) last++
      for (let place = known(last) ? last - 1 : last; place >= at; place--) {
        const end = tryAt(place)
        if (end >= 0 || run.exhausted) return end
      }
      return -1
    }
  }

  #compileLookahead(node: LookNode, next: Step): Step {
    const body = this.compile(node.body, accept, this.#alone(node.body))
    return (at) => (body(at) < 0 === node.negated ? next(at) : -1)
  }

  /** As in PCRE, each alternative of a lookbehind has one length. */
  #compileLookbehind(node: LookNode, next: Step): Step {
    const branches = node.body.kind === 'choice' ? node.body.branches : [node.body]
    const looks = branches.map((branch) => {
      const length = fixedLength(branch)
      if (length === undefined) {
        const message = 'what a lookbehind looks for has no fixed length'
        throw new RegexSyntaxError(message, 'write alternatives of one length each', 0)
      }
      return { length, body: this.compile(branch, accept, this.#alone(branch)) }
    })
    return (at) => {
      const found = looks.some(({ length, body }) => length <= at && body(at - length) === at)
      return found !== node.negated ? next(at) : -1
    }
  }

  #compileAssertion(assertion: Assertion, next: Step): Step {
    const run = this.#run
    const isWord = (at: number) => at >= 0 && at < run.text.length && wordBytes.has(run.text.charCodeAt(at))
    const conditions: Readonly<Record<Assertion, (at: number) => boolean>> = {
      start: (at) => at === 0,
      end: (at) => at === run.text.length,
      'line-start': (at) => at === 0 || run.text[at - 1] === '\n',
      'line-end': (at) => at === run.text.length || run.text[at] === '\n',
      'word-boundary': (at) => isWord(at - 1) !== isWord(at),
      'no-word-boundary': (at) => isWord(at - 1) === isWord(at),
    }
    const isTrue = conditions[assertion]
    return (at) => (isTrue(at) ? next(at) : -1)
  }

  /** A group that took no part is never equal to anything, as in PCRE. */
  #compileBackreference(index: number, ignoreCase: boolean, next: Step): Step {
    const run = this.#run
    return (at) => {
      const from = run.spans[2 * index] ?? -1
      if (from < 0 || !mayStep(run)) return -1
      const captured = run.text.slice(from, run.spans[2 * index + 1])
      const there = run.text.slice(at, at + captured.length)
      const equal = ignoreCase ? foldCase(there) === foldCase(captured) : there === captured
      return equal ? next(at + captured.length) : -1
    }
  }

  #fork(memory: Memory, step: Step): Step {
    const run = this.#run
    const fork = memory === 'always' ? run.forks++ : -1
    return (at) => {
      if (fork >= 0 && hasFailed(run, fork, at)) return -1
      const end = mayDescend(run) ? step(at) : -1
      run.depth--
      if (end < 0 && fork >= 0 && !run.exhausted) noteFailure(run, fork, at)
      return end
    }
  }

  /** A part that is matched for itself, and fails for reasons of its own alone unless it refers back. */
  #alone(body: RegexNode): Memory {
    const references = new Set<number>()
    collectReferences(body, references)
    return references.size === 0 ? 'always' : 'never'
  }

  #capturesReferenced(node: RegexNode): boolean {
    return someNode(node, (part) => part.kind === 'capture' && this.#referenced.has(part.index))
  }
}

/** Inside an alternative or a repetition no order says what comes before a group. */
function within(memory: Memory): Memory {
  return memory === 'before' ? 'never' : memory
}

function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
