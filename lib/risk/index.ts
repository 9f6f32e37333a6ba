export * from './classify';
export * from './policy';
export * from './rules';
