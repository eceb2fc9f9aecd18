/**
 * An output whose value an export writes as a reference instead of a text: where a variable of a service equals the
 * connection string of a database, the file says `fromDatabase`.
 *
 *     { output: "connectionString" }                              equal values are enough
 *     { output: "host", key: /HOST$/i }                           PGHOST may be it, GREETING may not
 *     { output: "port", key: /PORT$/i, besideOthers: true }       and only beside PGHOST of the same database
 */
export type Restorable = {
  readonly output: string;
  /** Where the value alone says too little (a short name, a port), the end of the variable's name must say the rest. */
  readonly key?: RegExp;
  /** ... and another variable that begins alike must come from the same object beyond doubt: PGPORT beside PGHOST. */
  readonly besideOthers?: true;
};
