import { afterAll, beforeAll, vi } from "vitest";
import { openGitStore } from "../../../src/store/git/git-store.ts";
import { describeBackend, key, type Place } from "../contract.ts";
import { describePlanRecords } from "../plan-records.ts";
import { makeRepository, readBranch, writeBranch, type Repository } from "../repository.ts";
import { describeStaleHolders } from "../stale-holder.ts";

const environment = { PATH: process.env["PATH"], HOME: "/nonexistent" };
let repository: Repository;
let checkout: string;
let places = 0;
beforeAll(async () => {
  repository = await makeRepository();
  // What a killed holder leaves behind goes with the rest.
  vi.stubEnv("TMPDIR", repository.folder);
  checkout = await repository.checkOut();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await repository.close();
});

async function openPlace(): Promise<Place> {
  const branch = `state-${(places += 1)}`;
  return {
    open: (world, label = "default") =>
      openGitStore({ world, key, folder: checkout, label, environment, branch }),
    read: (name) => readBranch(repository, branch, `default/${name}`),
    write: (name, text) => writeBranch(repository, branch, `default/${name}`, text),
    close: async () => undefined,
  };
}

describeBackend("a branch", openPlace);
describePlanRecords("a branch", openPlace);
describeStaleHolders("a branch", openPlace);
