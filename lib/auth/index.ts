export * from './access';
export { type AuthOptions, MAX_ATTEMPTS } from './access-test';
export { outcomeOf, verdictOf } from './outcomes';
