import type { SourcePosition } from '@gateward/kernel'

/** A compiled OpenAPI document: everything a gateway or a scanner asks of it, with nothing left to parse. */
export interface Contract {
  readonly title: string
  readonly version: string
  /** The `openapi` member's minor version. */
  readonly dialect: '3.0' | '3.1' | '3.2'
  /** The document's file as it was named. */
  readonly file: string
  /** The path of the first entry of `servers` without its trailing slash; empty where there is none. */
  readonly basePath: string
  readonly operations: readonly Operation[]
  readonly securitySchemes: ReadonlyMap<string, SecurityScheme>
  /** What a pointer into the document leads to, where that is a schema; see {@link BodySchema.placeOf}. */
  declaration(pointer: string): SchemaDeclaration | undefined
}

/** Where the document declares a value. */
export interface SchemaDeclaration {
  /** Where an assertion on the value is to be written: of a mere reference in OpenAPI 3.0 the place that it names. */
  readonly pointer: string
  readonly position: SourcePosition
  /** Whether `x-data-class` is declared for it, or for something that it is a part of. */
  readonly classified: boolean
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'TRACE' | 'QUERY'

/** One method of one path of a contract, compiled. */
export interface Operation {
  /** `operationId`, else `GET /orders/{id}`. Unique in its contract. */
  readonly id: string
  readonly method: HttpMethod | (string & {})
  /** The path as the document writes it, without the base path: `/orders/{id}`. */
  readonly template: string
  /**
   * `undefined` where neither the operation nor the document declares `security`; `[]` where it is declared
   * empty (anonymous). Alternatives (OR), each a list of requirements that must all hold (AND);
   * an empty alternative means that anonymous callers are welcome too.
   */
  readonly security: readonly SecurityAlternative[] | undefined
  readonly deprecated: boolean
  readonly parameters: ParameterReader
  /** `undefined`: the operation declares no body, and none is accepted. */
  readonly requestBody: RequestBody | undefined
  /** The fields that a request may have, with what their schemas say in simple terms. Of alternatives each is listed. */
  readonly fields: readonly Field[]
  /** Finds what the contract says of a status: exact, then `2XX`, then `default`. */
  response(status: number): ResponseContract | undefined
  /** Every response that is declared, in the document's order. */
  readonly responses: readonly ResponseContract[]
  /** The raw `x-gateward` object of the operation merged over the path's, or `undefined`. */
  readonly extension: Readonly<Record<string, unknown>> | undefined
  readonly extensionPosition: SourcePosition | undefined
  readonly position: SourcePosition
}

/** One field of a request: a parameter, or a leaf of a body's schema. */
export interface Field {
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'body'
  /** A parameter's name; in a body a JSON Pointer with `*` for an element of an array, empty for the whole body. */
  readonly name: string
  /** How the body that it stands in is written; `undefined` for a parameter. */
  readonly format: 'json' | 'form' | 'multipart' | undefined
  /** `undefined`: the schema says nothing of its values that is simple enough. */
  readonly values: FieldValues | undefined
}

/** The values of a field where one assertion of its schema tells them. */
export type FieldValues =
  | { readonly kind: 'integer' | 'number' | 'boolean' | 'uuid' | 'date' | 'date-time' }
  /** Strings and numbers as they are written. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'pattern'; readonly source: string }

export type SecurityAlternative = readonly SecurityRequirement[]

export interface SecurityRequirement {
  readonly scheme: string
  readonly scopes: readonly string[]
}

/** The members of a Security Scheme Object that a gateway acts on. */
export type SecurityScheme =
  | { readonly kind: 'apiKey'; readonly in: 'header' | 'query' | 'cookie'; readonly name: string }
  | { readonly kind: 'http'; readonly scheme: string; readonly bearerFormat: string | undefined }
  | { readonly kind: 'oauth2' }
  | { readonly kind: 'openIdConnect'; readonly url: string }
  | { readonly kind: 'mutualTLS' }

/** Where a value stood that did not keep the contract, and which line of the contract says so. */
export interface Violation {
  readonly in: 'path' | 'query' | 'header' | 'cookie' | 'body'
  /** A JSON Pointer into the body, or the parameter's name. */
  readonly pointer: string
  /** The JSON Schema keyword, or `unknown`, `missing`, `duplicate`, `encoding`, `type`. */
  readonly keyword: string
  /** Names the rule, never quotes the value whole: at most its first 40 characters. */
  readonly message: string
  readonly position: SourcePosition | undefined
}

/** What the parameters of one request look like before they are read; all strings as on the wire. */
export interface RawParameters {
  /** The raw segments that the template's variables matched, in the template's order. */
  readonly path: readonly string[]
  /** The raw query without its `?`; empty where there is none. */
  readonly query: string
  /** The first value of a header by its lower-case name, several joined by `, ` (RFC 9110 section 5.3). */
  header(name: string): string | undefined
}

/** A parameter and where its schema stands. */
export interface DeclaredParameter {
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  readonly name: string
  /** A JSON Pointer into the document. */
  readonly place: string
}

export interface ParameterReadout {
  /** Decoded values by parameter name; the four places apart. */
  readonly path: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly header: Readonly<Record<string, unknown>>
  readonly cookie: Readonly<Record<string, unknown>>
  readonly violations: readonly Violation[]
}

/** Reads and checks path, query, header and cookie parameters of one operation. */
export interface ParameterReader {
  /** Whether the operation declares none in any place, so that only unknown names can be wrong. */
  readonly empty: boolean
  readonly classified: readonly ClassifiedParameter[]
  /** Every parameter that is declared, by its place on the wire, with the pointer of its schema into the document. */
  readonly declared: readonly DeclaredParameter[]
  /** Unknown query names are violations; names in `ignoredQuery` (an API key in the query, say) are not. */
  read(
    raw: RawParameters,
    options: { readonly allowUnknownQuery: boolean; readonly ignoredQuery: ReadonlySet<string> },
  ): ParameterReadout
}

export interface RequestBody {
  readonly required: boolean
  /** The media types the operation takes, as the document writes them, for `Accept` and messages. */
  readonly mediaTypes: readonly string[]
  /** The most specific declaration for a Content-Type (RFC 9110 section 8.3.1), parameters apart. */
  match(contentType: string): BodySchema | undefined
  /** Those declarations in which something is classified by `x-data-class`. */
  readonly classified: readonly BodySchema[]
}

export interface ResponseContract {
  readonly mediaTypes: readonly string[]
  /** Whether the response declares no content, so that any body is undeclared. */
  readonly empty: boolean
  match(contentType: string): BodySchema | undefined
  /** Those declarations in which something is classified by `x-data-class`. */
  readonly classified: readonly BodySchema[]
}

/** How a body's text becomes a value: `ndjson` are JSON texts on a line each, or behind a record separator each (RFC 7464). */
export type BodyFormat = 'json' | 'ndjson' | 'form' | 'multipart' | 'text' | 'binary' | 'xml'

/** The compiled schema of one media type, for one direction: `readOnly` or `writeOnly` already honoured. */
export interface BodySchema {
  readonly mediaType: string
  readonly format: BodyFormat
  /** False where the declaration has no schema: any value of the format is fine. */
  readonly constrained: boolean
  /**
   * Checks a parsed value; of an `ndjson` body the value of one line. In closed mode (the default for requests) properties that no schema declares are
   * violations even where `additionalProperties: false` was forgotten; a schema that says
   * `additionalProperties` or `unevaluatedProperties` itself is obeyed as it stands.
   */
  validate(value: unknown): readonly Violation[]
  /**
   * Removes what the schema does not declare, what is `writeOnly`, and what `hidden` says, at any depth,
   * through `allOf`, `oneOf`, `anyOf` (all branches that match) and discriminators. Returns the value itself, untouched,
   * where nothing had to go; else a copy and the JSON Pointers removed (at most 20).
   * `scopes` are the caller's, for properties with `x-gateward: { scope: "orders:internal" }`.
   */
  project(
    value: unknown,
    scopes: ReadonlySet<string>,
  ): { readonly value: unknown; readonly removed: readonly string[] }
  /** Properties with `x-gateward: { sanitize: [trim, nfc, control, html] }`, applied to a parsed value in place; returns what changed. */
  sanitize(value: unknown): readonly SanitizedField[]
  /** Whether any property declares `sanitize`, so that callers can skip the walk. */
  readonly sanitizes: boolean
  /** The parts that `x-data-class` classifies, at any depth; `undefined` where there are none. */
  readonly classified: ClassifiedParts | undefined
  /**
   * What one item of a JSON list must be, where something in an answer's items is classified and the schema of the list says
   * nothing else, so that items can be looked at one by one.
   */
  readonly items: BodySchema | undefined
  /** The pointer into the document of the schema that is declared for a part of the body (`/items/0/name`); `undefined`: none is. */
  placeOf(pointer: string): string | undefined
  /** Reads a form-urlencoded or multipart body's named text parts into a typed value by the schema and `encoding`. */
  readonly readForm:
    | ((fields: readonly (readonly [name: string, value: string])[]) => {
        readonly value: unknown
        readonly violations: readonly Violation[]
      })
    | undefined
}

export interface SanitizedField {
  readonly pointer: string
  readonly applied: readonly ('trim' | 'nfc' | 'control' | 'html')[]
}

/** A place whose schema declares `x-data-class`. */
export interface ClassifiedField {
  /** The class, such as `pii.email`. */
  readonly class: string
  /** What the value is called: the declared `field`, else the name of the property or parameter. */
  readonly name: string
  /** The property beside it that holds its blind index, where one is declared. */
  readonly index: string | undefined
}

/** Stands for "this part goes". */
export const removed: unique symbol = Symbol('removed')

/**
 * What becomes of one classified part: its return value takes the part's place, or `removed`.
 * @param owner the object that the part is a member of
 */
export type TransformPart = (
  part: unknown,
  field: ClassifiedField,
  owner: Record<string, unknown> | undefined,
) => unknown

/** Finds the classified parts of values of one schema. */
export interface ClassifiedParts {
  /** Every field that may come; each part is told with one of these objects. */
  readonly fields: readonly ClassifiedField[]
  /** Whether every part is a member of the whole value, or an item of a list that is one: what a form's field can hold. */
  readonly isFlat: boolean
  /** The parts of each item of a list, told with the same objects; `undefined` where there are none. */
  readonly items: ClassifiedParts | undefined
  /** Transforms the parts of a parsed value in place, and returns it (or what the whole became). */
  transform(value: unknown, transform: TransformPart): unknown
  /** Whether a JSON Pointer leads to a classified part or into one. */
  isClassified(pointer: string): boolean
}

/** A parameter whose schema declares `x-data-class`. */
export interface ClassifiedParameter {
  readonly in: 'path' | 'query' | 'header' | 'cookie'
  /** As it stands on the wire. */
  readonly name: string
  readonly field: ClassifiedField
  /** Which segment of the path it is, counted from the end, the last one 1; 0 where it is none, or part of one. */
  readonly segmentFromEnd: number
  /** How the service takes more than one value of it in a query, as `?a=1&a=2` or as `?a=1,2`; `undefined`: it takes one. */
  readonly several: 'repeat' | 'comma' | undefined
  /** Whether it is one text: nothing else can be replaced on the wire. */
  readonly isText: boolean
  readonly position: SourcePosition
}
