import { InputError } from '../src/input/input-error.ts';
import { type GpuKernel, gpuKernel } from '../src/kernel/gpu/gpu.ts';

/**
 * The kernel of the graphics card in Node, by WebGPU through the optional package `webgpu`. Close it, or Node stays.
 * Throws InputError where the package or a card is missing.
 */
export async function nodeGpuKernel(): Promise<GpuKernel> {
  await provideWebGpu();
  return gpuKernel({ mode: 'webgpu' });
}

/** Puts `navigator.gpu` where browsers have it. */
async function provideWebGpu(): Promise<void> {
  const present = globalThis.navigator as { readonly gpu?: unknown } | undefined;
  if (present?.gpu !== undefined) return;
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    Object.defineProperty(globalThis, 'navigator', { value: { ...present, gpu: create([]) }, configurable: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new InputError('WebGPU is missing', reason, 'install the package webgpu, or use the WebAssembly kernel');
  }
}
