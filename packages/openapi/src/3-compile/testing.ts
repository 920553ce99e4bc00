import assert from 'node:assert/strict'
import { stringify } from 'yaml'
import type { Contract, Operation, ParameterReadout } from '../contract.ts'
import { loadContract } from '../load-contract.ts'

/** What a test says of the operation it wants; the rest of the document is filled in. */
export interface SampleOperation {
  readonly openapi?: string
  readonly path?: string
  readonly document?: Readonly<Record<string, unknown>>
  readonly item?: Readonly<Record<string, unknown>>
  readonly operation?: Readonly<Record<string, unknown>>
}

/** Loads a document with one operation; what stands in its way fails the test. */
export async function sampleContract(sample: SampleOperation): Promise<Contract> {
  const { contract, diagnostics } = await loadContract({ text: sampleText(sample), file: 'sample.yaml' })
  assert.ok(contract, JSON.stringify(diagnostics, undefined, 1))
  return contract
}

/** The one operation of such a document. */
export async function sampleOperation(sample: SampleOperation): Promise<Operation> {
  const [operation] = (await sampleContract(sample)).operations
  assert.ok(operation)
  return operation
}

/** The codes of what is reported of such a document, `error` or `warning` before them. */
export async function sampleMistakes(sample: SampleOperation): Promise<readonly string[]> {
  const { diagnostics } = await loadContract({ text: sampleText(sample), file: 'sample.yaml' })
  return diagnostics.map(({ severity, code }) => `${severity} ${code}`)
}

/** A request's parameters, all of them optional. */
export interface SampleRequest {
  readonly path?: readonly string[]
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly allowUnknownQuery?: boolean
  readonly ignoredQuery?: readonly string[]
}

/** Reads a request's parameters with an operation's reader. */
export function readSample(operation: Operation, request: SampleRequest): ParameterReadout {
  const { path = [], query = '', headers = {}, allowUnknownQuery = false, ignoredQuery = [] } = request
  return operation.parameters.read(
    { path, query, header: (name) => headers[name] },
    { allowUnknownQuery, ignoredQuery: new Set(ignoredQuery) },
  )
}

/** What was found wrong, as `place pointer keyword`. */
export function violationsOf(readout: ParameterReadout): readonly string[] {
  return readout.violations.map(({ in: place, pointer, keyword }) => `${place} ${pointer} ${keyword}`)
}

function sampleText({ openapi = '3.1.0', path = '/a', document, item, operation }: SampleOperation): string {
  const responses = { 200: { description: 'fine' } }
  const paths = { [path]: { ...item, get: { responses, ...operation } } }
  return stringify({ openapi, info: { title: 'Sample', version: '1' }, ...document, paths })
}
