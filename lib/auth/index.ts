export * from './access';
export { outcomeOf, verdictOf } from './outcomes';
