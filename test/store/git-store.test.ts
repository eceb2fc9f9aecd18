
import { describeBackend, key } from "./contract.ts";
import { openGitStore } from "../../src/store/git-store.ts";
import { branchFile, makeRepository, writeBranchFile } from "./repository.ts";

const environment = { PATH: process.env["PATH"], HOME: "/nonexistent" };

describeBackend("a branch", async () => {
  const repository = await makeRepository();
  const checkout = await repository.checkOut();
  return {
    open: (world, label = "default") => openGitStore({ world, key, folder: checkout, label, environment }),
    read: (name) => branchFile(repository, `default/${name}`),
    write: (name, text) => writeBranchFile(repository, `default/${name}`, text),
    close: () => repository.close(),
  };
});
