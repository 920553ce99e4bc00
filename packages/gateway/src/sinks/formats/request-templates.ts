import type { RequestEvent } from '../../observe/events/event.ts'
import { knownMethods } from '../../observe/events/known-methods.ts'
import { kindOfHost } from './kind-of-host.ts'
import type { Template } from './template.ts'

interface Known {
  readonly event: RequestEvent
  readonly shape: number
  readonly template: Template
}

const mostTemplates = 5_000

/**
 * The templates of a format: one for all exchanges of an operation that ended alike. They are as many as operations,
 * statuses and shapes, and no client can make more of them: whoever tries finds them made anew now and then.
 */
export class RequestTemplates {
  readonly #compile: (event: RequestEvent) => Template
  readonly #byOperation = new Map<string, Known[]>()
  #size = 0

  constructor(compile: (event: RequestEvent) => Template) {
    this.#compile = compile
  }

  /** The template of an exchange; `undefined` where its method is anybody's invention. */
  find(event: RequestEvent): Template | undefined {
    const shape = shapeOf(event)
    const known = this.#byOperation.get(event.operation)
    if (known !== undefined)
      for (const each of known) if (each.shape === shape && isAlike(each.event, event)) return each.template
    return knownMethods.has(event.method) ? this.#add(event, shape) : undefined
  }

  #add(event: RequestEvent, shape: number): Template {
    if (this.#size >= mostTemplates) {
      this.#byOperation.clear()
      this.#size = 0
    }
    const template = this.#compile(event)
    const known = this.#byOperation.get(event.operation)
    if (known === undefined) this.#byOperation.set(event.operation, [{ event, shape, template }])
    else known.push({ event, shape, template })
    this.#size++
    return template
  }
}

/** Whether all is equal that a template holds as a value. */
function isAlike(left: RequestEvent, right: RequestEvent): boolean {
  return (
    left.status === right.status &&
    left.code === right.code &&
    left.method === right.method &&
    left.protocol === right.protocol &&
    left.secure === right.secure &&
    left.credentialKind === right.credentialKind &&
    left.template === right.template &&
    left.api === right.api
  )
}

/** What of the values that differ decides which members there are: what is missing, left out if empty, or of another kind. */
function shapeOf(event: RequestEvent): number {
  const { client, host, consumer, label, credential, upstreamDuration, span } = event
  return (
    (client === '' ? 1 : 0) |
    (client.includes(':') ? 2 : 0) |
    (event.object === '' ? 4 : 0) |
    (event.path === '' ? 8 : 0) |
    (host === '' ? 16 : 0) |
    (kindOfHost(host) === 'hostname' ? 32 : 0) |
    (consumer === undefined ? 64 : 0) |
    (consumer === '' ? 128 : 0) |
    (label === undefined ? 256 : 0) |
    (credential === undefined ? 512 : 0) |
    (upstreamDuration === undefined ? 1_024 : 0) |
    (span === undefined ? 2_048 : 0)
  )
}
