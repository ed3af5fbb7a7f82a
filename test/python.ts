/** Python with what reads fields.h5, where it is installed; for tests. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** That of the distribution, which has its packages; another one may come first on the path. */
const program = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const PACKAGES = ['h5py', 'xarray', 'h5netcdf', 'matplotlib'];

/** Runs a script in a folder; what it prints. Throws with what it says on stderr. */
export function python(script: string, folder: string): string {
  const env = { ...process.env, MPLBACKEND: 'Agg', HDF5_USE_FILE_LOCKING: 'FALSE' };
  return execFileSync(program, ['-'], { input: script, cwd: folder, env, encoding: 'utf8' });
}

/** Whether it is there with its packages; says so once where not. Throws where HJB_PYTHON=required. */
export function hasPython(): boolean {
  try {
    execFileSync(program, ['-c', `import ${PACKAGES.join(', ')}`], { stdio: ['ignore', 'ignore', 'pipe'] });
    return true;
  } catch (error) {
    const missing = `no Python with ${PACKAGES.join(', ')}`;
    if (process.env.HJB_PYTHON === 'required') throw new Error(missing, { cause: error });
    console.info(`${missing}: what it reads of fields.h5 is not tested`);
    return false;
  }
}
