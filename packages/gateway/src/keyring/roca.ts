/**
 * Whether an RSA modulus has the fingerprint of the Infineon generator (CVE-2017-15361, "ROCA"), whose primes are powers
 * of 65537 modulo a product of small primes, so that the key can be factored. For a sound key the chance of the
 * fingerprint is below 2^-27.
 */
export function isRocaModulus(modulus: bigint): boolean {
  return fingerprints.every(({ prime, powers }) => powers.has(Number(modulus % BigInt(prime))))
}

const smallPrimes = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]

const fingerprints = smallPrimes.map((prime) => ({ prime, powers: powersOf65537(prime) }))

function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power)
  return powers
}
