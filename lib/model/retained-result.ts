/** What became of one retained message. */
export interface RetainedRecord {
  /** Bounded and printable, with secrets in it made unreadable. */
  readonly topic: string;
  /** Secrets in `topic` were made unreadable; in the backup the name is whole. */
  readonly redacted?: true;
  readonly bytes: number;
  /**
   * `listed` in a dry run, or when the broker left before it was looked up; `cleared` when the broker no longer has it, which was looked up; `remains` when it is
   * there all the same, because the broker refuses or somebody published again; `skipped` when it was not touched.
   */
  readonly outcome: 'listed' | 'cleared' | 'remains' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
}

/** Retained messages of one endpoint under some filters. */
export interface RetainedResult {
  readonly dryRun: boolean;
  readonly filters: readonly { readonly filter: string; readonly granted: boolean; readonly code?: number }[];
  readonly found: number;
  readonly cleared: number;
  /**
   * How many of those found are there still: all of them after a dry run, and those that were not touched. Absent when
   * the broker left before that could be looked up.
   */
  readonly remaining?: number;
  readonly messages: readonly RetainedRecord[];
  /** File with the messages as they were, secrets included, from which they can be published again. */
  readonly backup?: string;
  /** True when there were more than are listed; those were not touched. */
  readonly capped: boolean;
  /** Why not everything could be listed, or cleared. */
  readonly reason?: string;
}
