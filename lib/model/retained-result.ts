/** What became of one retained message. */
export interface RetainedRecord {
  /** Bounded and printable. */
  readonly topic: string;
  readonly bytes: number;
  /**
   * `listed` in a dry run; `cleared` when the broker no longer has it, which was looked up; `remains` when it is
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
  readonly remaining: number;
  readonly messages: readonly RetainedRecord[];
  /** File with the messages as they were, from which they can be published again. */
  readonly backup?: string;
  /** True when there were more than are listed; those were not touched. */
  readonly capped: boolean;
  /** Why nothing could be listed. */
  readonly reason?: string;
}
