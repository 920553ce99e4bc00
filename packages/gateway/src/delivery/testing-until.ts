const patience = 30_000

/** Waits until something is true that other programs or sockets bring about, for half a minute at most. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + patience
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`it did not happen: ${String(isTrue)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
