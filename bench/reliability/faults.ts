/** Over 300 lines: one row for each fault that was found, and nothing else. */

/**
 * Faults of the public track record: what an outside review, or living with the program, broke, and what holds it today. `shown`:
 * the tests that failed before the fix, each a file below `test/` and the start of a test's name in it.
 *
 * ```
 * { fault: "Another -f under the same label deleted what the first declared", shown: [["files/owners.test.ts", "another file ..."]] }
 * ```
 */
export type Fault = {
  readonly fault: string;
  /** How it came to light. */
  readonly found: string;
  /** What it could have cost somebody. */
  readonly harm: string;
  readonly fix: string;
  readonly shown: readonly (readonly [file: string, test: string])[];
};

const review = "outside review, a scene on the simulator";
const history = "the git history of three public repositories, replayed";
const week = "a platform team's week, played through";

export const deletes: readonly Fault[] = [
  {
    fault: "Another file set under the same label deleted what the first one declared",
    found: review,
    harm: "services and the database of another file gone under `--yes`, exit 0",
    fix: "the inventory says of each entry which file declared it; a run deletes only what its own files declared",
    shown: [
      ["files/owners.test.ts", "another file under the same label leaves what the first declared"],
      [
        "files/repository.test.ts",
        "two files that declare one resource are refused, until one of them lets it go",
      ],
      ["files/two-repositories.test.ts", "two repositories that share a state are told apart"],
      ["files/migration.test.ts", "what no file declares any more counts as dropped, under the guards"],
    ],
  },
  {
    fault: "One `-f` forgotten deleted that file's service",
    found: week,
    harm: "a service gone because of a shortened command",
    fix: "what a file that was not given declares stays untouched, with one remark",
    shown: [["files/owners.test.ts", "one -f forgotten changes nothing of that file"]],
  },
  {
    fault:
      "Dropping or renaming a Postgres, a persistent Key Value or a disk ended its data under plain `--yes`",
    found: review,
    harm: "a database gone with its data because its block got another name",
    fix: "every end of data needs consent, a Postgres is exported first, what looks renamed is refused with the line to paste",
    shown: [
      ["plan/consent.test.ts", "is refused under --yes, with a saved plan and where nobody can be asked"],
      ["plan/looks-renamed.test.ts", "is refused with the line to paste, and nothing is written"],
      ["plan/moved.test.ts", "renames the live object in place, under plain --yes"],
      ["converge/export-first.test.ts", "every end of a database is exported first"],
    ],
  },
  {
    fault: "The only service of a file, swapped for a like one, was deleted with its hand-typed secrets",
    found: week,
    harm: "a dozen secrets that nobody has written down",
    fix: "alike services are refused as a rename; a deletion names what nobody can give again",
    shown: [
      [
        "plan/looks-renamed.test.ts",
        "swapped for a like one is refused, and its hand-given values are named",
      ],
      ["plan/looks-renamed.test.ts", "a deletion names the values that nobody can give again"],
    ],
  },
  {
    fault: "Values that cannot change and moved outside became *replace, DATA IS LOST*",
    found: `${review}; a public incident of 2026 with another tool`,
    harm: "a live service or database deleted and made again because somebody rotated a user or upgraded a version",
    fix: "only the file replaces, and only a value that can be read; everything else is a note of what to write",
    shown: [
      ["core/diff/only-the-file-replaces.test.ts", "stays, with a note that is drift, when live moved"],
      ["plan/moved-outside.test.ts", "a default user that somebody rotated is noted"],
      ["plan/moved-outside.test.ts", "the file moved, and live shows what nobody knows"],
    ],
  },
  {
    fault: "`protect` fell by deleting its line, and `maxDeletes: 99` loosened its own guard",
    found: review,
    harm: "a guard that the edit it should judge switches off",
    fix: "the stricter of the file and of the last apply that reached its end holds",
    shown: [
      [
        "plan/guards-kept.test.ts",
        "protect: without the line, without the block, and against a false in the same edit",
      ],
      ["plan/guards-kept.test.ts", "maxDeletes: the number of the last apply holds"],
    ],
  },
  {
    fault: "The share of deletes counted from eleven resources on: five of six went without a flag",
    found: review,
    harm: "a small account emptied by one bad merge",
    fix: "from three resources on, more than half and at least two; one cron job of three passes",
    shown: [
      ["plan/guards-kept.test.ts", "exactly maxDeleteShare passes, and one more does not"],
      ["plan/consent.test.ts", "a normal day in CI passes with --yes alone"],
    ],
  },
  {
    fault: "Empty lists and 404 for everything owned made a second database, tokens and a webhook",
    found: review,
    harm: "a whole account made twice because a key reached another one",
    fix: "refusal `everything-gone`; RENDERCAD's lists are read a second time first",
    shown: [
      ["plan/everything-gone.test.ts", "refuse the plan, are an alarm of drift, and make nothing twice"],
      ["plan/everything-gone.test.ts", "an empty list is asked for once more before anything is made"],
    ],
  },
  {
    fault:
      "`persistenceMode: off` emptied a Key Value instance under plain `--yes`, and its deletion needed no consent from then on",
    found: "300 random pairs of files, of which no data may be lost",
    harm: "the content of a cache or a queue gone, and Render's documentation says so of that very change",
    fix: "an update that empties what stays is an end of data, which its kind tells",
    shown: [
      ["plan/consent.test.ts", "is refused under --yes, with a saved plan and where nobody can be asked"],
      [
        "core/consent/end-of-data.test.ts",
        "an update ends data where it turns off that the object keeps any",
      ],
    ],
  },
  {
    fault: "`destroy` could not be repeated in CI after a kill, and did not say what goes for good",
    found: review,
    harm: "a half-destroyed environment that only a person can finish",
    fix: "the number counts what was owned when it was first approved; data is told and asked for by address",
    shown: [
      ["plan/consent.test.ts", "is repeated with the same words after each kill, and when nothing is left"],
    ],
  },
  {
    fault:
      "A replacement lost values: hand-typed variables gone, generated ones new, while the plan said *kept*",
    found: history,
    harm: "secrets lost and sessions ended by a change of region",
    fix: "what is replaced steps aside, and the new one takes over what the file does not say",
    shown: [
      [
        "converge/step-aside.test.ts",
        "gives its headers, its routes and its place in the environment to the new one",
      ],
      ["converge/step-aside.test.ts", "is not replaced where something of it cannot be taken over"],
    ],
  },
  {
    fault: "A replacement deleted before there was room to create: four services away for 50 minutes",
    found: history,
    harm: "an outage as long as an hourly window",
    fix: "the old one goes last; what cannot step aside goes only when the new one may start at once",
    shown: [
      ["converge/step-aside.test.ts", "no service is away: twelve are replaced with eight creations left"],
    ],
  },
  {
    fault: "A retried job of an older commit deleted what the newer one had made",
    found: history,
    harm: "a new database gone by a click on *re-run*",
    fix: "the commit of each file is kept; an ancestor is refused as `older-commit`",
    shown: [
      [
        "files/older-commit.test.ts",
        "a job of an older commit that is started again is refused, and nothing goes",
      ],
    ],
  },
  {
    fault:
      "What a killed run had made to take another's place could be adopted by a block, and deleted in the same run",
    found: "random rounds of edit, outside edit, run, kill and fault",
    harm: "a RENDERCAD webhook gone that the file declares, in a run that says done",
    fix: "what was made to take a place is nobody else's to adopt, also when its block has another name by now",
    shown: [["crash/edited-since.test.ts", "%s, is there once and as the file says"]],
  },
];

export const entries: readonly Fault[] = [
  {
    fault: "A short page made a replace-all delete hand-made variables",
    found: review,
    harm: "forty variables of a production service",
    fix: "a list that is written as a whole is read to an empty page first, merged, and compared right before the call",
    shown: [
      ["apply/short-lists.test.ts", "keeps sixty variables of somebody's when pages hold twenty"],
      [
        "apply/short-lists.test.ts",
        "keeps what somebody adds, and does not bring back what somebody deletes",
      ],
    ],
  },
  {
    fault: "One empty answer made a generated secret anew",
    found: review,
    harm: "everybody signed out, data encrypted under a key that is gone",
    fix: "an owned entry that is missing is asked for by its key before it is made again",
    shown: [
      ["apply/short-lists.test.ts", "a generated secret is not made again because of one empty answer"],
    ],
  },
  {
    fault: "An unchanged service with eleven `sync: false` variables was rewritten and deployed",
    found: review,
    harm: "deploys that no plan announced",
    fix: "a step without a value writes nothing, deploys nothing and is told as skipped",
    shown: [
      [
        "apply/optional-steps.test.ts",
        "eleven and more of them write nothing to their service and deploy it not",
      ],
    ],
  },
  {
    fault:
      "A block was bound to a live service of another type, by its name, by id or from a Terraform state",
    found: "random rounds of edit, outside edit, run, kill and fault",
    harm: "every run writes and deploys what that service cannot keep, for ever",
    fix: "refused as `other-type`, with what to write to take it over as it is",
    shown: [
      ["plan/other-type.test.ts", "a $live that the file calls a $wanted"],
      ["plan/other-type.test.ts", "a Terraform state does not hand it over either"],
    ],
  },
  {
    fault:
      "A word that an API shows in another spelling, or that nobody here knows, was written on every run",
    found: "answers made odd, member by member",
    harm: "a service that is deployed by each run for ever; an upgrade in the dashboard taken back",
    fix: "words are compared without regard of spelling; for an unknown one what was last sent stands, with a note and drift",
    shown: [
      ["drift/odd-words.test.ts", "%s is as it was: nothing to do, and no drift"],
      ["drift/odd-words.test.ts", "is written once when the file moves, and not again while it shows"],
    ],
  },
];

export const twice: readonly Fault[] = [
  {
    fault: "A lost answer and a list that lags made two databases, Key Values or RENDERCAD webhooks",
    found: `${review}: 12 of 12 combinations`,
    harm: "a second database that is billed and that nobody knows",
    fix: "a creation is looked for over a minute; where nothing refuses a second one it is uncertain for a quarter of an hour",
    shown: [
      ["crash/uncertain.test.ts", "is not sent a second time: its step is uncertain"],
      ["crash/uncertain.test.ts", "is looked for eight times in the minute after its announcement"],
      ["crash/uncertain.test.ts", "is sent again after a quarter of an hour where it was never made"],
    ],
  },
  {
    fault: "What stood there before a lost creation could count as ours",
    found: "a deliberate bug that no test noticed",
    harm: "somebody else's database adopted, and later deleted",
    fix: "ids of what was there are noted with each creation and never match",
    shown: [["crash/uncertain.test.ts", "a database that somebody made while a person read the plan"]],
  },
  {
    fault: "A call that nobody was told of dropped out of its window",
    found: "a deliberate bug that no test noticed",
    harm: "a 429 of our own making",
    fix: "a call counts in each window that it may have been counted in",
    shown: [
      [
        "http/bucket.test.ts",
        "counts in the next one as well when it ended where nobody knows which of the two it was",
      ],
    ],
  },
  {
    fault: "402 did not halt a run, and an interrupted step wrote no outcome",
    found: "deliberate bugs that no test noticed",
    harm: "calls after the account is closed; an intent that nobody settles",
    fix: "each has a test",
    shown: [
      [
        "engine/run/execute.test.ts",
        "that is stopped in the middle of a call notes that nobody knows whether it was done",
      ],
    ],
  },
  {
    fault: "A holder that overslept its lease could write over the next one's inventory",
    found: "small worlds: every order of two runs' file operations",
    harm: "an intent lost, a thing made twice",
    fix: "a write is staged, the lock looked at, and only then the write takes effect; what a stale holder staged is swept",
    shown: [
      [
        "store/file/file-lock.test.ts",
        "a holder that beat while another run took its lock for ended gets it back",
      ],
      ["store/two-runners.test.ts", "a run that lost its lock stops before its next write"],
      [
        "store/file/file-store.test.ts",
        "a removal that comes too late puts back what is another holder's by then",
      ],
    ],
  },
  {
    fault: "Two first runs of two labels, or a holder of before, each made the digest key of one folder",
    found: "small worlds: what else a holder of before still writes",
    harm: "the digests of one of them mean nothing, so that a change from outside is not seen",
    fix: "the key is made once and never replaced; who comes second ends before its first call and plans again",
    shown: [["store/file/file-store.test.ts", "the key that the first one made is all labels' key"]],
  },
  {
    fault: "A push between a run's look at the state branch and its fetch ended that run as *unreachable*",
    found: "small worlds: two runs on a branch, in every order",
    harm: "a job that fails for no reason that its message says",
    fix: "what was fetched is what is read, however new",
    shown: [
      [
        "store/git-checkouts.test.ts",
        "that another run pushes to between a look and a fetch is read as it is then",
      ],
    ],
  },
  {
    fault: "A beat failed while a holder of before had the lock's file aside",
    found: "small worlds: two who want the lock of a folder, every step of theirs in every order",
    harm: "a lease that is not prolonged when it was due",
    fix: "the beat takes the file back and sets its time again",
    shown: [
      [
        "store/file/file-lock.test.ts",
        "a beat while a holder of before has the file aside to look whose it is prolongs the lease",
      ],
    ],
  },
  {
    fault:
      "A holder whose lease was over and the next one renamed the lock to and fro, each as often as the other",
    found: "small worlds: the lock with a stall came to no end",
    harm: "two runs that wait for each other's next rename for as long as their moments meet",
    fix: "a lock whose lease is over is not taken back from the run that has put it aside",
    shown: [
      [
        "store/file/file-lock.test.ts",
        "a holder whose lease is over does not take its file back: else it and the next one would rename it without an end",
      ],
    ],
  },
  {
    fault:
      "A first entry that came too late stood in the next holder's journal with a head of its own, which counted as damage",
    found: "small worlds: two runs on a folder with a stall, looked at to the end",
    harm: "every run refused with `state-damaged` until somebody repairs the state",
    fix: "a head is read in any line of a journal",
    shown: [
      [
        "store/formats.test.ts",
        "is read where a holder that came too late has added its first entry with a head",
      ],
    ],
  },
  {
    fault:
      "An outcome that the journal took, while it said that it had not, was followed by one that says *failed*",
    found: "small worlds: two runs on a folder with a stall, looked at to the end",
    harm: "a thing that was made is forgotten; the next run asks whether to adopt it",
    fix: "after an announced call a journal that fails in whatever way leaves its outcome unknown, and the next run finds it out",
    shown: [
      [
        "engine/run/execute.test.ts",
        "whose journal takes the outcome of a call and says that it did not never notes that the call failed",
      ],
    ],
  },
  {
    fault: "A holder that stood still while it took the lock swept away what the next holder was writing",
    found: "small worlds: two runs on a folder with a stall, looked at to the end",
    harm: "a run that has the lock ends with `lock-lost`",
    fix: "whose staged file is gone looks at the lock, and stages it again when the lock is its own",
    shown: [
      [
        "store/file/file-store.test.ts",
        "a sweep of a holder of before that comes too late takes nothing from the holder",
      ],
    ],
  },
  {
    fault:
      "A stream of the workspace that was dropped and declared again counted as deleted, since its id is the workspace's",
    found: "300 random pairs of files, of which no data may be lost",
    harm: "every plan an error for a quarter of an hour",
    fix: "what is made again under an id is deleted no more, and an id that is a place's tells no deletion",
    shown: [["providers/workspace.test.ts", "that goes and comes back within minutes has the same id"]],
  },
  {
    fault: "A deploy that was never asked for counted as begun when the cancelled one before it showed late",
    found: "the crash points while every list lags by a time of its own",
    harm: "a new service that nobody deploys, after a run that says done",
    fix: "a list without any deploy is one that lags, and a cancelled deploy is never the one that was asked for",
    shown: [
      [
        "crash/late-deploy.test.ts",
        "a run that is killed at its deploy (%s) while lists lag: the cancelled one",
      ],
      [
        "crash/late-deploy.test.ts",
        "a deploy whose call never arrived is asked for again, although a list shows the cancelled one only now",
      ],
    ],
  },
  {
    fault:
      "Somebody's deploy that a list showed late counted as the one whose answer was lost; an old list made one begin twice",
    found: "reading what trusts a list after a deploy",
    harm: "a change that no deploy brings out, after a run that says done; a deploy too many after a kill",
    fix: "the time of the intent is kept beside the id, and the next run looks for what is left of the minute",
    shown: [
      [
        "crash/late-deploy.test.ts",
        "is asked for again when its call never arrived, although somebody's earlier one shows only now",
      ],
      [
        "crash/late-deploy.test.ts",
        "is not asked for twice because a list shows it late to the run after a kill",
      ],
    ],
  },
  {
    fault:
      "A replacement whose creation lost its answer while lists lag made two: what stepped aside passed for the new one",
    found: "the crash points of the replacements while every list lags by a time of its own",
    harm: "a second database that is billed and that nobody knows",
    fix: "what has stepped aside is never what was made: the creation is uncertain as any other",
    shown: [
      [
        "crash/late-replacement.test.ts",
        "a %s whose new one was made without an answer is replaced by one, although lists lag",
      ],
    ],
  },
  {
    fault: "A commit reverted in the middle of a replacement made a third database",
    found: "a person's week with kills: the file was put back after a run that was killed",
    harm: "the data that was still there is deleted, and an empty database has its name",
    fix: "the former one has its place again, and what was made there goes, with consent and exported",
    shown: [
      [
        "converge/taken-back.test.ts",
        "of $table whose replacement is taken back after a kill at any write the former one has its place again",
      ],
      [
        "converge/taken-back.test.ts",
        "of $kind.table what is taken back may be killed anywhere too, and either file is reached from there",
      ],
    ],
  },
  {
    fault:
      "An owned new one that a list did not show yet was taken for absent because the one that stepped aside was there",
    found: "the crash points of the replacements while every list lags by a time of its own",
    harm: "a third database, made by the run after a kill",
    fix: "whatever is owned and not listed is asked for by its id, also where another object has its address",
    shown: [
      ["crash/late-replacement.test.ts", "a %s whose new one is owned is not made again by the next run"],
    ],
  },
  {
    fault: "A run that only found what an earlier one had made said done, whatever values that has",
    found: "a creation whose run was killed while lists lag by 90 seconds",
    harm: "a service that is not as the file asks, and exit 0",
    fix: "it is ours and its step fails as `made-earlier`: the next plan compares it",
    shown: [
      [
        "crash/uncertain.test.ts",
        "one of an earlier run, when %s, is found, and what the file says since is written",
      ],
    ],
  },
];

export const hostile: readonly Fault[] = [
  {
    fault: "A secret typed at the prompt was shown on the terminal",
    found: review,
    harm: "a production key in a screen recording",
    fix: "the prompt reads the terminal itself; tried in a real pseudo-terminal, at two prompts in a row",
    shown: [["shells/prompt.test.ts", "shows the yes and nothing of the secrets that follow it"]],
  },
  {
    fault: "An empty environment variable wiped a live secret",
    found: review,
    harm: "an outage by a secret that a fork or a typo did not have",
    fix: "told by `plan` and `validate`, an error of `apply`; `allowEmpty: true` agrees",
    shown: [["apply/empty-sources.test.ts", "that is there and empty (%j) wipes no live secret"]],
  },
  {
    fault: "`drift` did not see a deleted or changed `sync: false` secret",
    found: review,
    harm: "the change that matters most is the one nobody is told of",
    fix: "its keyed digest is compared, also when it was adopted; `drift --accept` agrees",
    shown: [
      ["drift/asked-secrets.test.ts", "and changed by somebody is drift, is never put back"],
      ["drift/asked-secrets.test.ts", "and deleted by somebody is drift and pending until a value comes"],
    ],
  },
  {
    fault:
      "`rotate`, `--allow-data-loss`, `--allow-gap`, `destroy` took addresses that fit nothing in silence",
    found: review,
    harm: "a token believed to be rotated that is not",
    fix: "an error that says what was meant, or a remark where an earlier run knew it",
    shown: [["plan/consent.test.ts", "of %s is an error that says what was meant"]],
  },
  {
    fault: "A glob in the file made `validate` hang",
    found: review,
    harm: "CI blocked by one line",
    fix: "one matcher for the whole program, linear in time; every pattern in the source was fuzzed",
    shown: [["core/base/glob.test.ts", "no glob makes a long text slow"]],
  },
  {
    fault: "`Retry-After: 99999999999` made a plan sleep for years",
    found: review,
    harm: "a job that hangs until its runner is killed",
    fix: "nothing waits longer than a window; `--max-wait` on every command that reads",
    shown: [["http/waits.test.ts", "whatever an answer says, nothing waits longer than a window"]],
  },
  {
    fault: "Symlinks in the state's folder were followed",
    found: review,
    harm: "any file of the user overwritten by whoever can write to the checkout",
    fix: "exclusive, no-follow, random names; leftovers of killed runs are swept",
    shown: [
      ["store/links.test.ts", "is told with its name, and an inventory is not read through it"],
      ["store/links.test.ts", "temporary names cannot be foretold"],
    ],
  },
  {
    fault: "A gateway whose first answer was lost counted as the API itself",
    found: "every call of a run made to fail in twelve ways",
    harm: "the state bound to the gateway's address, and each later run refused as one of another account",
    fix: "whom a host stands for is asked again, and without an answer the run ends before it reads anything",
    shown: [["commands/accounts/stand.test.ts", "to nothing while the answer that names the API"]],
  },
  {
    fault: "A saved plan could show a reviewer something else than what runs",
    found: review,
    harm: "an approval of what nobody has seen",
    fix: "its text is covered by its hash; the file is its owner's alone",
    shown: [["plan/consent.test.ts", "that was edited is refused, also where its text alone was"]],
  },
  {
    fault: "Text of an account reached terminal and file as it was; an answer could be of any size",
    found: review,
    harm: "a workflow command or a hidden line in a reviewed file",
    fix: "escaped by the views and by `export`; 32 MB and 200 levels at most",
    shown: [
      ["file/write/write.test.ts", "is in the file as the same value, and nothing hides, steers a terminal"],
      ["http/large-answers.test.ts", "of more than 32 MB is not read to its end and not asked for again"],
    ],
  },
  {
    fault: "A damaged or newer state ended in an internal fault",
    found: review,
    harm: "nobody knows what to do at night",
    fix: "`state-damaged` or `state-newer`; `state repair` keeps every line that can be read",
    shown: [
      [
        "store/damage.test.ts",
        "whatever stands in a document of the state, no command ends in a fault of its own",
      ],
      ["store/damage.test.ts", "keeps every line of a journal that can be read: an intent is not lost"],
    ],
  },
  {
    fault: '`--label ""` was taken, and `state unlock` broke the lock of a live run',
    found: review,
    harm: "two runs that write",
    fix: "labels are checked; a live run's lock needs `--force`",
    shown: [
      ["commands/base/label.test.ts", "an empty label stops plan, apply and drift"],
      [
        "commands/state/state.test.ts",
        "a change waits for nobody: while another run holds the lock it is refused",
      ],
    ],
  },
];
