/**
 * The kernel of a graphics card, in single precision, through gpu.js: WebGPU, or WebGL 2 in a page without it.
 *
 * A card has no use for an elimination along a line, so the resolvent of every slow node is computed once in double
 * precision as a stochastic matrix P and applied as a batch of products. Rows of P sum to 1 and sweeps are convex
 * combinations under their step bound, so rounding does not grow: with u = 2⁻²⁴ and N rows in y,
 *
 *   |V_gpu − V| ≤ steps · (N + 16) · phases · u · sup|V|     (`singlePrecisionBound`; measured errors are far smaller).
 */
import { InputError } from '../../input/input-error.ts';
import type { Kernel, LoadedProgram, Session, StepProgram } from '../kernel.ts';
import type { Card, GpuMode } from './card.ts';
import { type CompiledProgram, compileGpu } from './program.ts';

export type { Card, GpuMode } from './card.ts';

/** Half the distance of 1 to the next number in single precision. */
const UNIT_ROUND_OFF = 2 ** -24;
/** Roundings of a node in a phase besides the products of a resolvent. */
const ROUNDINGS = 16;

/** A bound on the difference to double precision after `steps` steps from values of size `supremum`. */
export function singlePrecisionBound(program: StepProgram, steps: number, supremum: number): number {
  return steps * program.phases.length * (program.fastNodes + ROUNDINGS) * UNIT_ROUND_OFF * supremum;
}

/**
 * The kernel of the graphics card; `backend` is 'gpu:webgpu' or 'gpu:webgl2', followed by '(software)' where a
 * processor stands in for the card. Default mode: WebGPU where there is an adapter, else WebGL 2.
 * Throws InputError where no card answers; a program that gpu.js would run on the processor is refused as well.
 */
export async function gpuKernel(options: { readonly mode?: GpuMode } = {}): Promise<GpuKernel> {
  const library = await import('gpu.js');
  const mode = options.mode ?? ((await library.GPU.isWebGPUAvailable()) ? 'webgpu' : 'webgl2');
  const card = mode === 'webgpu' ? await webGpuCard(library) : webGlCard(library);
  return {
    kind: 'gpu',
    backend: card.name,
    threads: 1,
    card,
    open: () => openSession(card),
    close: async () => {
      await card.gpu.destroy();
      card.release();
    },
  };
}

/** The kernel of a card lends the card to ensembles of paths. */
export interface GpuKernel extends Kernel {
  readonly card: Card;
}

type Library = typeof import('gpu.js');

/** What gpu.js exports without declaring it. */
interface WebGpuParts {
  readonly WebGPUContext: {
    acquire(): Promise<{
      readonly adapter: { readonly info: Readonly<Record<string, string>> };
      readonly device: { readonly limits: { readonly maxStorageBufferBindingSize: number }; destroy(): void };
    }>;
  };
}

async function webGpuCard(library: Library): Promise<Card> {
  const { WebGPUContext } = library as unknown as WebGpuParts;
  try {
    const { adapter, device } = await WebGPUContext.acquire();
    const { vendor, architecture, description } = adapter.info;
    return {
      gpu: new library.GPU({ mode: 'webgpu' }),
      largest: device.limits.maxStorageBufferBindingSize,
      ...named('webgpu', `${vendor} ${architecture} ${description}`),
      release: () => device.destroy(),
    };
  } catch (error) {
    throw noCard(error);
  }
}

/** A texture of 4096² texels with four numbers each is what every WebGL 2 device takes. */
const LARGEST_TEXTURE = 4096 ** 2 * 16;

function webGlCard(library: Library): Card {
  try {
    const context = new OffscreenCanvas(1, 1).getContext('webgl2', { alpha: false, depth: false, antialias: false });
    if (context === null) throw new Error('there is neither WebGPU nor WebGL 2');
    const names = context.getExtension('WEBGL_debug_renderer_info');
    const renderer = names === null ? '' : String(context.getParameter(names.UNMASKED_RENDERER_WEBGL));
    const gpu = new library.GPU({ mode: 'webgl2', context, canvas: context.canvas });
    return { gpu, largest: LARGEST_TEXTURE, ...named('webgl2', renderer), release: () => {} };
  } catch (error) {
    throw noCard(error);
  }
}

/** Some drivers compute on the processor. */
function named(mode: GpuMode, driver: string): Pick<Card, 'mode' | 'name' | 'software'> {
  const software = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i.test(driver);
  return { mode, name: `gpu:${mode}${software ? ' (software)' : ''}`, software };
}

function noCard(error: unknown): InputError {
  const cause = (error instanceof Error ? error.message : String(error)).split(/\.\s/)[0];
  return new InputError('no graphics card answers', cause, 'use the WebAssembly kernel');
}

function openSession(card: Card): Session {
  const programs: CompiledProgram[] = [];
  return {
    allocate: (length) => new Float64Array(length),
    async load(program): Promise<LoadedProgram> {
      const compiled = compileGpu(card, program);
      programs.push(compiled);
      return compiled.loaded;
    },
    get bytes() {
      return programs.reduce((sum, program) => sum + program.bytes(), 0);
    },
    free: Infinity,
    close() {
      for (const program of programs) program.destroy();
    },
  };
}
