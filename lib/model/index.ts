export * from './context';
export * from './endpoint';
export * from './errors';
export * from './on-stop';
export * from './report';
export * from './risk-level';
export * from './text';
export * from './wording';
