export * from './access';
export { type AuthOptions, MAX_ATTEMPTS } from './access-test';
export * from './command-words';
export { outcomeOf, verdictOf } from './outcomes';
