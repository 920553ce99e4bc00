import { watch, type FSWatcher } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** Watches files for changes. */
export interface FileWatch extends Disposable {
  /**
   * Watches exactly these from now on. A file that was watched before is compared with what it was when it was last
   * looked at, so that no change is lost meanwhile; a new one with what it is when the promise resolves. Never rejects.
   */
  replace(files: readonly string[]): Promise<void>
}

/**
 * Calls `onChange` once things have been quiet for a moment after any of the files changed, appeared or went. Folders are
 * watched, not files: editors replace a file by renaming another over it, and Kubernetes a whole folder by changing a
 * symbolic link, after which a watched file would be one that nobody writes to. Since a folder's events say little (and
 * on some file systems do not come), a change is what the files' own state says, which is also looked at now and then.
 * @param options.quiet milliseconds without an event before files are looked at; 200 by default
 * @param options.interval milliseconds between looks without an event; 10 seconds by default
 */
export function watchFiles(
  onChange: () => void,
  options: { readonly quiet?: number; readonly interval?: number } = {},
): FileWatch {
  return new FolderWatch(onChange, options.quiet ?? 200, options.interval ?? 10_000)
}

class FolderWatch implements FileWatch {
  readonly #onChange: () => void
  readonly #quiet: number
  readonly #poll: NodeJS.Timeout
  readonly #folders = new Map<string, FSWatcher>()
  #files: readonly string[] = []
  /** Names of the files, and of what links lead to. */
  #names: ReadonlySet<string> = new Set()
  #states: ReadonlyMap<string, string> = new Map()
  #settling: NodeJS.Timeout | undefined
  #generation = 0

  constructor(onChange: () => void, quiet: number, interval: number) {
    this.#onChange = onChange
    this.#quiet = quiet
    this.#poll = setInterval(() => void this.#look(), interval)
    this.#poll.unref()
  }

  async replace(files: readonly string[]): Promise<void> {
    const generation = ++this.#generation
    this.#files = [...new Set(files)]
    this.#watchFolders()
    const names = await readNames(this.#files)
    if (generation !== this.#generation) return
    this.#names = names
    const states = await readStates(this.#files)
    if (generation === this.#generation) this.#states = new Map([...states, ...this.#statesOf(this.#files)])
  }

  [Symbol.dispose](): void {
    this.#generation++
    this.#files = []
    clearInterval(this.#poll)
    clearTimeout(this.#settling)
    for (const watcher of this.#folders.values()) watcher.close()
    this.#folders.clear()
  }

  #watchFolders(): void {
    const wanted = new Set(this.#files.map((file) => dirname(file)))
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.#folders.delete(folder)
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#watchFolder(folder)
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        if (event === 'rename' || name === null || this.#names.has(name)) this.#settle()
      })
      watcher.on('error', () => {
        watcher.close()
        this.#folders.delete(folder)
      })
      this.#folders.set(folder, watcher)
    } catch {
      // The folder is not there (yet) or the system has no watches left: the look now and then goes on.
    }
  }

  #settle(): void {
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => void this.#look(), this.#quiet)
    this.#settling.unref()
  }

  async #look(): Promise<void> {
    const generation = this.#generation
    const states = await readStates(this.#files)
    if (generation !== this.#generation) return
    const changed = this.#files.some((file) => this.#states.get(file) !== states.get(file))
    this.#states = states
    if (!changed) return
    this.#watchFolders()
    this.#onChange()
  }

  #statesOf(files: readonly string[]): ReadonlyMap<string, string> {
    return new Map([...this.#states].filter(([file]) => files.includes(file)))
  }
}

async function readNames(files: readonly string[]): Promise<ReadonlySet<string>> {
  const targets = await Promise.all(files.map((file) => realpath(file).catch(() => file)))
  return new Set([...files, ...targets].map((file) => basename(file)))
}

/** What changes when a file does, by file, through every symbolic link on its way. */
async function readStates(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const states = await Promise.all(
    files.map(async (file): Promise<readonly [string, string]> => {
      const found = await stat(file, { bigint: true }).catch(() => undefined)
      return [
        file,
        found === undefined ? 'absent' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}`,
      ]
    }),
  )
  return new Map(states)
}
