import type { Diagnostic, Steps } from '@gateward/kernel'
import { hasErrors, inTurns } from '@gateward/kernel'
import type { DocumentSource, LoadOptions } from './1-load/load-document.ts'
import { loadDocument } from './1-load/load-document.ts'
import type { LoadedDocument } from './1-load/loaded-document.ts'
import { checkDocument } from './2-check/check-document.ts'
import { compileContract } from './3-compile/compile-contract.ts'
import type { Contract } from './contract.ts'

/** A contract ready for use, or all that stands in its way. */
export interface ContractResult {
  /** `undefined` exactly where a diagnostic is an error. */
  readonly contract: Contract | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Every file that was read or looked for, so that a change of any can be watched. */
  readonly files: readonly string[]
}

/**
 * Loads, checks and compiles an OpenAPI document, in turns with whatever else the process does. Never throws for what a
 * document says: every mistake is a diagnostic with its place.
 *
 * @example
 * const { contract, diagnostics } = await loadContract({ file: 'shop.openapi.yaml' })
 */
export async function loadContract(
  source: DocumentSource,
  options: LoadOptions = {},
): Promise<ContractResult> {
  const { document, diagnostics, files } = await loadDocument(source, options)
  if (document === undefined) return { contract: undefined, diagnostics, files }
  return { ...(await inTurns(examine(document, diagnostics))), files }
}

/** A document with mistakes is compiled all the same, so that those of its schemas are told with them. */
function* examine(
  document: LoadedDocument,
  diagnostics: readonly Diagnostic[],
): Steps<Omit<ContractResult, 'files'>> {
  const compiled = yield* compileContract(document)
  yield
  const checked = checkDocument(document)
  yield
  const all = inOrder([...diagnostics, ...checked, ...compiled.diagnostics])
  return { contract: hasErrors(all) ? undefined : compiled.contract, diagnostics: all }
}

/** By file and line, each mistake once: what several operations share is found from each of them. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map<string, Diagnostic>()
  for (const diagnostic of diagnostics) {
    const { code, message, position } = diagnostic
    unique.set([code, message, position?.file, position?.line, position?.column].join('\n'), diagnostic)
  }
  const files = new Map<string, number>()
  for (const { position } of diagnostics) {
    if (position !== undefined && !files.has(position.file)) files.set(position.file, files.size)
  }
  const rank = ({ position }: Diagnostic) =>
    position === undefined
      ? [files.size, 0, 0]
      : [files.get(position.file) ?? 0, position.line, position.column]
  return [...unique.values()].toSorted((left, right) => compareRanks(rank(left), rank(right)))
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  const differing = left.findIndex((part, index) => part !== right[index])
  return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0)
}
