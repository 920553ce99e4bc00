import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Builds the page on which the chart is tried with a hundred thousand points. */
export async function buildTrials(outDir: string): Promise<void> {
  const root = fileURLToPath(new URL('.', import.meta.url))
  await build({ root, base: './', logLevel: 'error', configFile: false, build: { outDir, target: 'es2023' } })
}
