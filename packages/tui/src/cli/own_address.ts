/**
 * What a broker of this machine is called, here and elsewhere.
 *
 * @module
 */

/** Whether it is an address that each machine has for itself. */
export function isLoopback(origin: string): boolean {
  return /^https?:\/\/(127\.[0-9.]+|localhost|\[::1\])(:|$)/.test(origin)
}

/** What it answers to that other machines may dial, if the address it tells people is of this machine alone. */
export function originForOthers(
  { origin, origins }: { readonly origin: string; readonly origins: ReadonlyArray<string> }
): string | undefined {
  return isLoopback(origin) ? origins.find((own) => !isLoopback(own)) : undefined
}
