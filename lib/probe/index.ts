export { type Attempt, attempt, type Login } from './attempt';
export * from './probe';
