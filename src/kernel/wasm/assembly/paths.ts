/** The loops of ensembles of paths on tables, to be compiled into one module. */
export { feedbackPaths, heunPaths } from './heun-paths';
export { openLoopPaths } from './open-loop-paths';
export { ornsteinUhlenbeckPaths } from './ornstein-uhlenbeck-paths';
