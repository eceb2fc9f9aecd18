import type { Cents, Charge, Cost, CostReport } from "../../core/cost/cost.ts";
import { count } from "../../core/base/text.ts";
import { printDocument } from "../json/document.ts";
import { printRows, type Row } from "../base/rows.ts";
import { openCanvas, type Canvas, type Screen } from "../base/screen.ts";

/** What a file costs a month, a row for each resource, with what is not counted. */
export function renderCost(report: CostReport, screen: Screen): string {
  const canvas = openCanvas(screen);
  const files = report.files.map((file) => canvas.text(file)).join(", ");
  const head = `${files}: US dollars a month of 30 days, before tax; Render's price list of ${report.priceList}`;
  const amounts = [report.total, ...report.resources.map(({ cost }) => cost)].map(describeCost);
  const width = Math.max(...amounts.map((amount) => amount.length));
  const rows = report.resources.map(({ address, cost, charges }) =>
    costRow(address, describeCost(cost).padEnd(width), describeCharges(charges), canvas),
  );
  const sum = costRow("Sum", describeCost(report.total), "", canvas);
  const listed = printRows([...rows, { ...sum, paint: canvas.ink.bold }], canvas.columns);
  return `${[canvas.ink.bold(head), "", ...listed, "", ...aboutSum(report).map(canvas.ink.dim)].join("\n")}\n`;
}

/** What a file costs a month, as the document of `--json`. Amounts are whole cents. */
export function renderCostJson(report: CostReport): string {
  return printDocument("cost", "done", { currency: "USD", ...report });
}

function costRow(label: string, amount: string, items: string, canvas: Canvas): Row {
  return {
    indent: 2,
    label: canvas.text(label),
    words: () => [[[amount], [`  ${canvas.text(items)}`, canvas.ink.dim]]],
  };
}

/** `14.00`, `<= 32.00` where use or the list decides and nothing may be due, `25.00 to 100.00`, `unknown`. */
function describeCost({ low, high, unknown }: Cost): string {
  if (unknown > 0 && high === 0) return "unknown";
  const known =
    low === high ? dollars(high) : low === 0 ? `<= ${dollars(high)}` : `${dollars(low)} to ${dollars(high)}`;
  return unknown > 0 ? `${known} + unknown` : known;
}

function describeCharges(charges: readonly Charge[]): string {
  return charges.map(describeCharge).join(", ");
}

function describeCharge(charge: Charge): string {
  if ("unknown" in charge) return `${charge.item} (price unknown)`;
  switch (charge.because) {
    case "use":
      return `${charge.item} (by use)`;
    case "list":
      return `${charge.item} (at most)`;
    case "scaling":
    case undefined:
      return charge.item;
    default:
      return charge.because satisfies never;
  }
}

function aboutSum({ total }: CostReport): readonly string[] {
  const missing =
    total.unknown === 0 ? [] : [`${count(total.unknown, "price")} not on the list, and in no sum.`];
  return [
    ...missing,
    "Not counted: traffic, build minutes, the fee of the workspace's plan, credits, contracts.",
  ];
}

function dollars(cents: Cents): string {
  return (cents / 100).toFixed(2);
}
