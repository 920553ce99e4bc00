import { useSyncExternalStore } from 'react'

const dark = matchMedia('(prefers-color-scheme: dark)')

/** Whether the page is light or dark, for what is drawn and not styled. */
export function useColourScheme(): 'dark' | 'light' {
  return useSyncExternalStore(subscribe, read)
}

function subscribe(changed: () => void): () => void {
  dark.addEventListener('change', changed)
  return () => dark.removeEventListener('change', changed)
}

function read(): 'dark' | 'light' {
  return dark.matches ? 'dark' : 'light'
}
