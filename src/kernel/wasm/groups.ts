/**
 * The phases of a step in groups that threads run without waiting for each other. Neighbouring phases that write a row
 * from the same row of other fields, or from V around it, go through the rows together: what one of them has loaded
 * is still in cache for the next.
 */
import type { Phase } from '../kernel.ts';

interface PhaseGroup {
  /** All threads must have finished the groups before. */
  readonly barrier: boolean;
  readonly phases: readonly Phase[];
}

/** The groups in the order of the phases. */
export function groupsOf(phases: readonly Phase[], rowsOf: (phase: Phase) => number): PhaseGroup[] {
  const groups: Phase[][] = [];
  for (const phase of phases) {
    const last = groups.at(-1);
    if (last?.every((other) => canJoin(other, phase) && rowsOf(other) === rowsOf(phase))) last.push(phase);
    else groups.push([phase]);
  }
  const needsBarrier = barriers();
  return groups.map((group) => ({ barrier: needsBarrier(group), phases: group }));
}

/** Whether `later` may follow `earlier` row by row: neither writes what the other one reads around a node. */
function canJoin(earlier: Phase, later: Phase): boolean {
  const apart = readAround(later) !== earlier.out && readAround(earlier) !== later.out;
  return apart && isOfRows(earlier) && isOfRows(later);
}

function isOfRows({ kind }: Phase): boolean {
  return kind === 'sweep' || kind === 'combine' || kind === 'filter';
}

/** The field that a phase reads at neighbours of a node. */
function readAround(phase: Phase): number | null {
  return phase.kind === 'sweep' || phase.kind === 'average' ? phase.value : null;
}

/**
 * Whether a group must wait for the other threads: for a sweep that reads across lanes a field written since the last
 * barrier, and for any phase that writes a field a neighbour may still be reading across lanes. Steps end with a
 * barrier.
 */
function barriers(): (group: readonly Phase[]) => boolean {
  const written = new Set<number>();
  const around = new Set<number>();
  return (group) => {
    const reads = group.map(readAround).filter((slot) => slot !== null);
    const needed = reads.some((slot) => written.has(slot)) || group.some(({ out }) => around.has(out));
    if (needed) {
      written.clear();
      around.clear();
    }
    for (const slot of reads) around.add(slot);
    for (const { out } of group) written.add(out);
    return needed;
  };
}
