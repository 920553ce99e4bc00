import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const program = '/usr/bin/chromium'

/** Why there is no browser; `undefined` where there is one. */
export const missingChromium = existsSync(program)
  ? undefined
  : 'Debian package chromium is not installed (apt-get install chromium)'

/** Starts the browser of the machine, which asks nobody for anything of its own accord. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
