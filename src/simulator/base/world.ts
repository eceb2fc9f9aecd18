import { Account, users, workspaces, type User, type Workspace } from "./account.ts";
import type { Clock, Microseconds } from "./clock.ts";
import { makeIdMaker } from "./ids.ts";
import { makeRandom, randomText, type Random } from "./random.ts";
import { defaultSwitches, type Switches } from "./switches.ts";

/** What a check of a Blueprint says of its text, in the words of the API's answer (described). */
export type BlueprintCheck = (text: string) => {
  readonly problems: readonly {
    readonly path: string;
    readonly error: string;
    readonly line: number;
    readonly column: number;
  }[];
  /** Names of what the file declares, by kind. */
  readonly declared: {
    readonly services: readonly string[];
    readonly databases: readonly string[];
    readonly keyValue: readonly string[];
    readonly envGroups: readonly string[];
  };
};

/** Everything that a route may look at or change. */
export type World = {
  readonly account: Account;
  readonly clock: Clock;
  readonly random: Random;
  readonly switches: Switches;
  /** Handed in by whoever starts the simulator: how files are read is not its matter. Absent: every file is valid. */
  readonly checkBlueprint?: BlueprintCheck;
  /** The time now, to the microsecond, and later than every earlier stamp. */
  stamp(): Microseconds;
  /** The time of the clock, and never before the latest stamp: times of rows are compared with this. */
  now(): Microseconds;
  /** A new id, `prefix-<xid>`; `makeId("")` is the xid alone. */
  makeId(prefix: string): string;
};

/** A world without any rows. */
export function makeWorld(options: {
  clock: Clock;
  seed: number;
  switches: Partial<Switches>;
  checkBlueprint?: BlueprintCheck | undefined;
}): World {
  const random = makeRandom(options.seed);
  const ids = makeIdMaker(random);
  let latest = 0;
  return {
    account: new Account(),
    clock: options.clock,
    random,
    switches: { ...defaultSwitches, ...options.switches },
    ...(options.checkBlueprint && { checkBlueprint: options.checkBlueprint }),
    stamp() {
      latest = Math.max(latest + 1, options.clock.now() * 1000 + Math.floor(random.next() * 1000));
      return latest;
    },
    now: () => Math.max(latest, options.clock.now() * 1000 + 999),
    makeId(prefix) {
      const xid = ids.nextXid(options.clock.now() / 1000);
      return prefix === "" ? xid : `${prefix}-${xid}`;
    },
  };
}

/** The users and workspaces that are there before anything is loaded. */
export type Population = { readonly user: User; readonly main: Workspace; readonly second: Workspace };

/**
 * Makes the users and workspaces: two workspaces that the key reaches, so that a client which forgets `ownerId` meets
 * objects of the other one, and a third of another user, whose objects must look as if they did not exist.
 */
export function populate(world: World): Population {
  const { account } = world;
  const main = makeWorkspace(world, "Acme", "team@acme.test");
  const second = makeWorkspace(world, "Acme Labs", "labs@acme.test");
  const foreign = makeWorkspace(world, "Globex", "team@globex.test");
  const user = makeUser(world, "Ada", "ada@acme.test", [main, second]);
  makeUser(world, "Grace", "grace@globex.test", [foreign]);
  account.insert(workspaces, main);
  account.insert(workspaces, second);
  account.insert(workspaces, foreign);
  return { user, main, second };
}

/** Finds the same users and workspaces in a saved account. */
export function recallPopulation(account: Account): Population {
  const [user] = account.list(users);
  const [main, second] = account.list(workspaces);
  if (!user || !main || !second)
    throw new Error("the saved account has no user with two workspaces: save it again");
  return { user, main, second };
}

function makeWorkspace(world: World, name: string, email: string): Workspace {
  return { id: world.makeId("tea"), name, email, type: "team" };
}

function makeUser(world: World, name: string, email: string, reach: readonly Workspace[]): User {
  return world.account.insert(users, {
    id: world.makeId("usr"),
    name,
    email,
    key: `rnd_${randomText(world.random, 28)}`,
    workspaceIds: reach.map((workspace) => workspace.id),
  });
}
