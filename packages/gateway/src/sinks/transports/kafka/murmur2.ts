/** The hash by which Kafka's clients spread keys over partitions: 32-bit MurmurHash2 with Kafka's seed, without its sign. */
export function murmur2(key: Uint8Array): number {
  let hash = seed ^ key.length
  let at = 0
  for (; at + 4 <= key.length; at += 4) {
    let word =
      byteOf(key, at) | (byteOf(key, at + 1) << 8) | (byteOf(key, at + 2) << 16) | (byteOf(key, at + 3) << 24)
    word = Math.imul(word, multiplier)
    word ^= word >>> 24
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier)
  }
  if (at < key.length) {
    for (let index = key.length - 1; index >= at; index--) hash ^= byteOf(key, index) << (8 * (index - at))
    hash = Math.imul(hash, multiplier)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, multiplier)
  return (hash ^ (hash >>> 15)) & 0x7fff_ffff
}

const seed = 0x9747_b28c
const multiplier = 0x5bd1_e995

function byteOf(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
