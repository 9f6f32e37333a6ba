export * from './defaults';
export * from './discover';
export * from './limits';
export * from './plan';
export * from './registry';
export * from './scan';
export * from './session';
export * from './stages';
