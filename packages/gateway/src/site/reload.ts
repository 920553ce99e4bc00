import { hasErrors, toFault, type Clock, type Diagnostic } from '@gateward/kernel'
import type { Waf } from '@gateward/waf'
import type { Configuration } from '../config/configuration.ts'
import type { ConfigurationReading } from '../config/load.ts'
import type { GuardServices } from '../guards/guard.ts'
import { compileSite } from './compile.ts'
import { ContractCache } from './contract-cache.ts'
import type { Site } from './site.ts'
import { createUpstreamRegistry } from './upstream-registry.ts'

/** What a holder needs of the gateway. */
export interface SiteHolderOptions {
  readonly load: () => Promise<ConfigurationReading>
  /** The services that guards of this configuration share; what outlives a reload is the same object each time. */
  readonly services: (configuration: Configuration) => GuardServices
  /** Loads the WAF's rules of a configuration; left out, there is no WAF. */
  readonly rules?: (configuration: Configuration) => Promise<RulesReading>
  readonly clock: Clock
  /** Called in the same tick in which a new site begins to run, for what follows it: tiers, watched files. */
  readonly onSwap?: (running: Running) => void
  /** Milliseconds that replaced upstreams stay; a minute by default. */
  readonly grace?: number
  readonly onFault?: (thrown: unknown) => void
}

/** The site that runs, what it was made from, and the files whose change makes another. */
export interface Running {
  readonly site: Site
  readonly configuration: Configuration
  /** The engine with its rules. */
  readonly waf: Waf | undefined
  readonly files: readonly string[]
}

/** What came of a reload. */
interface ReloadOutcome {
  readonly reason: string
  /** False: the site that ran before runs on. */
  readonly swapped: boolean
  readonly diagnostics: readonly Diagnostic[]
  /** The hash of the site that runs now. */
  readonly hash: string | undefined
  /** The files to watch for the next try, those of a bad configuration too. */
  readonly files: readonly string[]
}

/** The WAF's rules, compiled, or what is wrong with them. */
export interface RulesReading {
  readonly waf: Waf | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** The rule files, to be watched. */
  readonly files: readonly string[]
  /** Of what they hold: the same rules give the same. */
  readonly digest: string
}

const noRules: RulesReading = { waf: undefined, diagnostics: [], files: [], digest: '' }

/** Holds the site that runs. */
export interface SiteHolder extends AsyncDisposable {
  /** The running site; call it once for each exchange. Throws before the first successful `reload`. */
  current(): Site
  /** What runs, or `undefined` before the first successful `reload`. */
  running(): Running | undefined
  /**
   * Builds the next site whole and puts it in place of the running one, or leaves that one and says why. One is built at
   * a time; calls during a build share the one that follows it. Never rejects.
   */
  reload(reason: string): Promise<ReloadOutcome>
}

/** Makes a holder; its first site is loaded by its first `reload`. */
export function createSiteHolder(options: SiteHolderOptions): SiteHolder {
  return new Holder(options)
}

class Holder implements SiteHolder {
  readonly #options: SiteHolderOptions
  readonly #contracts = new ContractCache()
  readonly #upstreams: ReturnType<typeof createUpstreamRegistry>
  #running: Running | undefined
  #building: Promise<ReloadOutcome> | undefined
  #next: Promise<ReloadOutcome> | undefined
  #disposed = false

  constructor(options: SiteHolderOptions) {
    this.#options = options
    this.#upstreams = createUpstreamRegistry(options)
  }

  current(): Site {
    if (this.#running === undefined) throw new Error('no site was loaded yet')
    return this.#running.site
  }

  running(): Running | undefined {
    return this.#running
  }

  reload(reason: string): Promise<ReloadOutcome> {
    if (this.#building === undefined) return this.#begin(reason)
    // The build under way may have read its files before the change that this call is about.
    this.#next ??= this.#building.then(() => {
      this.#next = undefined
      return this.#begin(reason)
    })
    return this.#next
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await (this.#next ?? this.#building)
    await this.#upstreams[Symbol.asyncDispose]()
  }

  #begin(reason: string): Promise<ReloadOutcome> {
    const building = this.#build(reason)
      .catch((thrown: unknown) => this.#broken(reason, thrown))
      .finally(() => {
        this.#building = undefined
      })
    this.#building = building
    return building
  }

  async #build(reason: string): Promise<ReloadOutcome> {
    const { configuration, diagnostics } = await this.#options.load()
    if (configuration === undefined)
      return this.#outcome(reason, false, diagnostics, this.#running?.files ?? [])
    const upstreams = this.#upstreams.begin()
    let swapped = false
    try {
      const rules = (await this.#options.rules?.(configuration)) ?? noRules
      const services = { ...this.#options.services(configuration), waf: rules.waf }
      const result = await compileSite({
        configuration,
        rulesDigest: rules.digest,
        services,
        upstreams,
        contracts: this.#contracts,
      })
      const all = [...diagnostics, ...rules.diagnostics, ...result.diagnostics]
      const { file } = configuration.source
      const files = [...(file === undefined ? [] : [file]), ...rules.files, ...result.files]
      if (result.site === undefined || hasErrors(all) || this.#disposed)
        return this.#outcome(reason, false, all, files)
      this.#running = { site: result.site, configuration, waf: rules.waf, files }
      swapped = true
      upstreams.keep()
      this.#follow(this.#running)
      return this.#outcome(reason, true, all, files)
    } finally {
      if (!swapped) upstreams.drop()
    }
  }

  /** What follows the swap cannot undo it: exchanges may already run on the new site. */
  #follow(running: Running): void {
    try {
      this.#options.onSwap?.(running)
    } catch (thrown) {
      this.#options.onFault?.(thrown)
    }
  }

  #broken(reason: string, thrown: unknown): ReloadOutcome {
    const { message } = toFault(thrown)
    this.#options.onFault?.(thrown)
    const diagnostic: Diagnostic = {
      code: 'reload-failed',
      severity: 'error',
      message: `the configuration could not be compiled: ${message}`,
      fix: 'the site that ran before runs on; report this with the log',
    }
    return this.#outcome(reason, false, [diagnostic], this.#running?.files ?? [])
  }

  #outcome(
    reason: string,
    swapped: boolean,
    diagnostics: readonly Diagnostic[],
    files: readonly string[],
  ): ReloadOutcome {
    return { reason, swapped, diagnostics, hash: this.#running?.site.hash, files }
  }
}
