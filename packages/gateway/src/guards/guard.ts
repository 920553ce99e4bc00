import type { Clock, Diagnostic, Problem } from '@gateward/kernel'
import type { BodySchema, Operation } from '@gateward/openapi'
import type { Waf } from '@gateward/waf'
import type { z } from 'zod'
import type { Answer } from '../exchange/answer.ts'
import type { AnsweredExchange, Exchange } from '../exchange/exchange.ts'
import type { SampleReceiver } from '../discovery/discovery.ts'
import type { WholeBody } from '../exchange/whole-body.ts'
import type { ApiKeys } from '../keyring/api-keys.ts'
import type { DataKeys } from '../keyring/data-keys/data-keys.ts'
import type { IssuerKeys } from '../keyring/issuer-keys.ts'
import type { LogFiles } from '../observe/log-files.ts'
import type { Limiter } from '../limiter/limiter.ts'
import type { Tiers } from '../limiter/tiers.ts'
import type { ServedVersion } from '../versions/served-version.ts'

/** What a guard says of an exchange. */
export type Verdict =
  | { readonly kind: 'pass'; readonly note?: string }
  | { readonly kind: 'refuse'; readonly problem: Problem }
  /** The guard answers itself, a CORS preflight say. */
  | { readonly kind: 'answer'; readonly answer: Answer }

/** A verdict that refuses. */
export type Refusal = Extract<Verdict, { kind: 'refuse' }>

/** What a guard does with the items of one body; it keeps none of them. */
export interface ItemVisitor {
  /** The item as it goes on, which may be the same object, changed; a refusal ends the body. What it throws does too. */
  visit(item: unknown): { readonly kind: 'item'; readonly value: unknown } | Refusal
  /** After the last one: what is to be told of all. */
  note?(): string | undefined
}

export type Awaitable<Value> = Value | Promise<Value>

/** The verdict of a guard with nothing to say; shared, so that passing costs no object. */
export const pass: Verdict = Object.freeze({ kind: 'pass' })

/** One security control, compiled for one operation. Its methods are called in the pipeline's order, and keep no exchange. */
export interface Guard {
  /**
   * Looks at a request that has no single reading, before it is refused for that: to note what it finds. Its path may be
   * empty, and what it throws is of no consequence.
   */
  onDefect?(exchange: Exchange): void
  onRequest?(exchange: Exchange): Awaitable<Verdict>
  /**
   * As `onRequest`, asked right after authentication: for a guard that stands before it and cannot decide about some
   * requests without knowing who calls. The mode and the name are the same.
   */
  onIdentified?(exchange: Exchange): Awaitable<Verdict>
  /** Having it makes the gateway hold the request's body whole for this operation; not called where there is no body. */
  onRequestBody?(exchange: Exchange, body: WholeBody): Awaitable<Verdict>
  /**
   * Looks at a request's body that flows to the service, item by item: JSON lines that are long, or say no length. Asked once for
   * a body, when its first bytes are there. A guard with `onRequestBody` and without this has them held whole, too.
   *
   * @param item the schema of one item
   */
  onRequestItems?(exchange: Exchange, item: BodySchema): ItemVisitor | Refusal | undefined
  onResponse?(exchange: AnsweredExchange): Awaitable<Verdict>
  /**
   * Having it makes the gateway hold the answer's body whole, but for event streams; called right after the same
   * guard's `onResponse`, and not where there is no body or the answer is the gateway's own.
   */
  onResponseBody?(exchange: AnsweredExchange, body: WholeBody): Awaitable<Verdict>
  /**
   * Looks at an answer of the service that flows, item by item: JSON lines, and lists of JSON that are too long to be held.
   * Asked once, after `onResponse`, where something in the items is classified. A guard with `onResponseBody` and without
   * this has lists held whole. `undefined`: nothing to do.
   *
   * @param item the schema of one item
   */
  onResponseItems?(exchange: AnsweredExchange, item: BodySchema): ItemVisitor | Refusal | undefined
  /**
   * Media types (lower case, without parameters) whose answers are to be held whole for this guard besides those that every
   * guard can look into; event streams never are.
   */
  readonly answerTypes?: readonly string[]
}

/** The settings that every guard has. */
export interface GuardSettings {
  /** `off`: not there at all. `shadow`: decides, records, lets pass. `enforce`: decides and refuses. */
  readonly mode: 'off' | 'shadow' | 'enforce'
  /** What happens when the guard itself breaks: `degrade` is `pass` with the fault recorded as an alert. */
  readonly onFault: 'refuse' | 'pass' | 'degrade'
}

/** What a guard is compiled from. */
export interface GuardInput<Settings extends GuardSettings> {
  /** Merged from configuration, API and operation. The same object for all operations that override nothing. */
  readonly settings: Settings
  /** What the API is called in events and numbers: `shop@v1` where it has versions. */
  readonly api: string
  /** Its name in the configuration: what its versions have in common, such as data and limits, is bound to it. */
  readonly family: string
  /** `undefined` where the API has none, and where a request names none that there is. */
  readonly version?: ServedVersion | undefined
  /** `undefined` for an API without a contract, and for the plan of requests that match nothing. */
  readonly operation: Operation | undefined
  /** Whether this plan ends in a refusal (no such path or method) instead of the upstream. */
  readonly unmatched: boolean
  /** The methods that the contract offers at the path; `undefined` without a contract or such a path. */
  readonly pathMethods?: readonly string[] | undefined
  /** Security schemes of the contract by name; empty without one. */
  readonly securitySchemes: ReadonlyMap<string, import('@gateward/openapi').SecurityScheme>
  readonly services: GuardServices
  report(diagnostic: Diagnostic): void
}

/** What guards share with the rest of the gateway; it outlives a reload. */
export interface GuardServices {
  readonly clock: Clock
  readonly limiter: Limiter
  readonly tiers: Tiers
  readonly apiKeys: ApiKeys
  /** Keys for encryption and blind indexes; a guard asks for the active one for each message. */
  readonly dataKeys: DataKeys
  /** The engine with the configuration's rules; a gateway always has one. */
  readonly waf?: Waf | undefined
  /** Files that guards write lines of their own into. */
  readonly logFiles?: LogFiles | undefined
  readonly issuerKeys: IssuerKeys
  /** Looks into samples of traffic for personal data that no contract declares; where there is none, nobody looks. */
  readonly discovery?: SampleReceiver | undefined
  /** Whether `serve --anonymous` opened operations that declare no `security`. */
  readonly anonymousByDefault: boolean
  /** The environment that API keys must be made for, such as `test` or `live`. */
  readonly environment: string
}

/** A kind of guard: its name, its settings, and how it is compiled for one operation. */
export interface GuardDefinition<Settings extends GuardSettings = GuardSettings> {
  /** Kebab-case, the name of its folder and of its section in the configuration. */
  readonly name: string
  readonly settings: z.ZodType<Settings>
  /**
   * The keys of an operation's `x-gateward` object that this guard reads, each with its schema. What no guard
   * declares is an unknown key and stops the load; two guards never declare the same key.
   */
  readonly extension?: Readonly<Record<string, z.ZodType>>
  /** It never refuses anything, so that nothing is open where it is off or in shadow. */
  readonly onlyLooks?: true
  /** Settings that hold for the whole gateway: an API or operation that overrides one of them stops the load. */
  readonly fixed?: readonly string[]
  /** The ids of operations that settings name; one that no contract has stops the load. */
  namesOperations?(settings: Settings): readonly string[]
  /** `undefined`: nothing to do for this operation, so it costs nothing. */
  compile(input: GuardInput<Settings>): Guard | undefined
}

/** Makes a kind of guard; the identity, there for its types. */
export function defineGuard<Settings extends GuardSettings>(
  definition: GuardDefinition<Settings>,
): GuardDefinition<Settings> {
  return definition
}
