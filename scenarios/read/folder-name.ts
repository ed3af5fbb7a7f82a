/** Names of longer folders are cut, and told apart by a hash. */
const LONGEST = 120;

/** The name of a folder from its parts: quadratic,gamma=4. */
export function folderName(parts: readonly string[]): string {
  const whole = parts.join(',');
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST)},${hashOf(whole)}`;
}

/** FNV-1a of 64 bits (Fowler, Noll, Vo 1991) over the UTF-8 bytes, 16 digits: what a page has as well as Node. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
