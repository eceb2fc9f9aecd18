import { InvalidArgumentError, type Command } from "commander";
import { parseAddress, type Address } from "../../../core/base/address.ts";
import { addCommonOptions, type CommonOptions } from "../base/common-options.ts";
import { exitHelp } from "../base/exit-help.ts";
import type { Shell } from "../base/shell.ts";
import type { AdoptOptions } from "./state-action.ts";

const help = `
Examples:
  $ trueup state list
  $ trueup state show
  $ trueup state adopt render/service/api srv-abc123
  $ trueup state adopt --from-terraform terraform.tfstate
  $ trueup state move render/service/api render/service/backend
  $ trueup state forget render/postgres/old

The inventory says which live object belongs to which address of the file, and what was last applied to it. Nothing here
writes to an account.
${exitHelp("done", "refused", "locked", "interrupted")}`;

export function addStateCommand(program: Command, shell: Shell, end: (code: number) => void): void {
  const state = program
    .command("state")
    .summary("what is owned: list, show, adopt, forget, move, unlock")
    .description("Looks at the inventory of what trueup owns, and changes it.")
    .addHelpText("after", help);
  addReading(state, shell, end);
  addAdopting(state, shell, end);
  addChanging(state, shell, end);
}

function addReading(state: Command, shell: Shell, end: (code: number) => void): void {
  addCommonOptions(
    state
      .command("list")
      .summary("every owned address")
      .description("Lists every owned address with its id."),
  )
    .addHelpText("after", help)
    .action(async (options: CommonOptions) => {
      const { listState } = await import("./state-action.ts");
      end(await listState(options, shell));
    });
  const show = state
    .command("show")
    .summary("what is done and what waits, or one owned address")
    .description(
      "Shows what the last approved plan has done, what is left, what that waits for and until when. With an address: its id, what it needs, which fields were applied, and what a run left with it.",
    )
    .argument("[address]", "as render/service/api", readAddress);
  addCommonOptions(show)
    .addHelpText("after", help)
    .action(async (address: Address | undefined, options: CommonOptions) => {
      const { showState } = await import("./state-action.ts");
      end(await showState(address, options, shell));
    });
}

function addAdopting(state: Command, shell: Shell, end: (code: number) => void): void {
  const adopt = state
    .command("adopt")
    .summary("own a live object that exists already")
    .description(
      "Binds an address of the file to a live object by its id, or everything that a Terraform state manages.",
    )
    .argument("[address]", "a declared address, as render/service/api", readAddress)
    .argument("[id]", "of the live object, as srv-abc123")
    .option("--from-terraform <file>", "state of the official provider for Render");
  addCommonOptions(adopt)
    .addHelpText("after", help)
    .action(async (address: Address | undefined, id: string | undefined, options: AdoptOptions) => {
      const { adoptState } = await import("./state-action.ts");
      end(await adoptState({ address, id }, options, shell));
    });
}

function addChanging(state: Command, shell: Shell, end: (code: number) => void): void {
  const forget = state
    .command("forget")
    .summary("own it no longer")
    .description("Takes an address out of the inventory. The live object stays as it is.")
    .argument("<address>", "an owned address", readAddress);
  addCommonOptions(forget)
    .addHelpText("after", help)
    .action(async (address: Address, options: CommonOptions) => {
      const { forgetState } = await import("./state-action.ts");
      end(await forgetState(address, options, shell));
    });
  const move = state
    .command("move")
    .summary("another address for the same object")
    .description(
      "Renames an address of the inventory. The next plan renames the live object in place where the API can.",
    )
    .argument("<from>", "an owned address", readAddress)
    .argument("<to>", "its new address", readAddress);
  addCommonOptions(move)
    .addHelpText("after", help)
    .action(async (from: Address, to: Address, options: CommonOptions) => {
      const { moveState } = await import("./state-action.ts");
      end(await moveState(from, to, options, shell));
    });
  const unlock = state
    .command("unlock")
    .summary("take the lock from a run that is gone")
    .description(
      "Breaks the lock of the state. Only for a run that is certainly gone: a lock ends by itself after minutes.",
    );
  unlock.option("--force", "also from a run that is at work on this machine", false);
  addCommonOptions(unlock)
    .addHelpText("after", help)
    .action(async (options: CommonOptions & { readonly force: boolean }) => {
      const { unlockState } = await import("./state-action.ts");
      end(await unlockState(options, shell));
    });
  const repair = state
    .command("repair")
    .summary("put damaged documents of the state aside")
    .description(
      "Moves what cannot be read to another name below damaged/. Of a journal every line that can be read stays; without an inventory the next apply --adopt takes everything by name.",
    );
  addCommonOptions(repair)
    .addHelpText("after", help)
    .action(async (options: CommonOptions) => {
      const { repair: run } = await import("./state-action.ts");
      end(await run(options, shell));
    });
}

function readAddress(text: string): Address {
  if (!parseAddress(text))
    throw new InvalidArgumentError("It must be an address such as render/service/api.");
  return text as Address;
}
