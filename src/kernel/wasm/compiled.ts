/** WebAssembly modules from base64, each compiled once: all kernels and threads instantiate the same module. */
const modules = new Map<string, Promise<WebAssembly.Module>>();

/** The module of these bytes; the promise of an earlier call where there was one. */
export function compiled(base64: string): Promise<WebAssembly.Module> {
  const known = modules.get(base64);
  if (known !== undefined) return known;
  const module = WebAssembly.compile(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  modules.set(base64, module);
  return module;
}
