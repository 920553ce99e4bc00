import type { ReferenceScope } from '../settings/references.ts'
import type { Settings } from './schema.ts'
import type { SettingsTree } from './settings-tree.ts'

/** A valid configuration: every setting with its default filled in, and where it came from. */
export interface Configuration extends Readonly<Settings> {
  readonly source: ConfigurationSource
}

/** Where a configuration came from, for messages, for overrides that are merged later, and for the file watch. */
interface ConfigurationSource {
  /** The configuration file as it was named; `undefined` where everything came from the command line. */
  readonly file: string | undefined
  /** The file as it was read; `undefined` as for `file`. */
  readonly text: string | undefined
  /** The settings as written, variables put in, before defaults. */
  readonly tree: SettingsTree
  /** What secrets and relative paths are resolved with. */
  readonly references: ReferenceScope
}
