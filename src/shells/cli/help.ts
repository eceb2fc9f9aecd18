import type { HelpConfiguration, Option } from "commander";

/** Help as commander lays it out, without the defaults that go without saying: off, none, nought. */
export const helpConfiguration: HelpConfiguration = {
  optionDescription: describeOption,
  sortSubcommands: false,
};

function describeOption(option: Option): string {
  const value: unknown = option.defaultValue;
  const isSaid = (typeof value === "string" && value !== "") || option.defaultValueDescription !== undefined;
  const facts = [
    ...(option.argChoices ? [option.argChoices.join(", ")] : []),
    ...(isSaid ? [`default: ${option.defaultValueDescription ?? String(value)}`] : []),
  ];
  return facts.length === 0 ? option.description : `${option.description} (${facts.join("; ")})`;
}
