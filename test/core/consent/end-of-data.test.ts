import { expect, test } from "vitest";
import { refuseEndOfData } from "../../../src/core/consent/end-of-data.ts";
import { change, inputOf } from "../guards/guard-input.ts";

const disk = change(0, { action: "delete", losesData: true }, "render/disk");

/** What is said of the end of a disk, when these addresses look renamed. */
function refused(renamed: readonly (typeof disk)["address"][]) {
  return refuseEndOfData(inputOf({ owned: 1, disks: 1, changes: [disk] }), disk, new Set(renamed));
}

test("the end of a disk is refused with the entry that agrees to it", () => {
  expect(refused([])).toMatchObject([{ code: "data-loss", address: disk.address }]);
  expect(refused([])[0]?.answer).toHaveProperty("block");
});

test("the disk of a service that looks renamed asks for no entry: it moves along", () => {
  const [refusal, ...more] = refused(["render/service/n01"]);
  expect(more).toEqual([]);
  expect(refusal).toMatchObject({ code: "data-loss", address: disk.address });
  expect(refusal?.answer).not.toHaveProperty("block");
});

test("a disk that looks renamed itself is refused for that alone", () => {
  expect(refused([disk.address])).toEqual([]);
});

test("what ends without data is not asked about", () => {
  const { losesData: _losesData, ...empty } = disk;
  const input = inputOf({ owned: 1, disks: 1, changes: [empty] });
  expect(refuseEndOfData(input, empty, new Set())).toEqual([]);
});
