/** A condition that an object can be rendered in. */
export type Condition = {
  readonly value: string;
  readonly label: string;
  readonly category: string | null;
};

/**
 * The conditions by category. Documented are the categories, their order, that there are 43 conditions, and four of
 * them: `auto`, `pristine`, `factory-new`, `snow-covered`. The others stand in for those that only the real API
 * lists.
 */
const labelsByCategory: { readonly [category: string]: readonly string[] } = {
  Clean: ["Pristine", "Factory New", "Polished", "Freshly Painted", "Sterile"],
  Surface: ["Dusty", "Muddy", "Greasy", "Sandy", "Sooty"],
  Damage: ["Scratched", "Dented", "Cracked", "Chipped", "Burnt"],
  Age: ["Aged", "Antique", "Weathered", "Faded", "Vintage"],
  Wear: ["Lightly Worn", "Worn", "Heavily Worn", "Frayed", "Peeling"],
  Structural: ["Rusted", "Corroded", "Warped", "Eroded", "Crumbling"],
  "Moisture & Temperature": ["Wet", "Damp", "Frosted", "Icy", "Steaming"],
  "Extreme States": ["Abandoned", "Ruined", "Submerged"],
  "Environmental Coverage": ["Snow-Covered", "Moss-Covered", "Leaf-Covered", "Overgrown"],
};

/** The categories, in the documented order. */
export const conditionCategories: readonly string[] = Object.keys(labelsByCategory);

/** All conditions. */
export const conditions: readonly Condition[] = [
  { value: "auto", label: "Auto (no condition)", category: null },
  ...Object.entries(labelsByCategory).flatMap(([category, labels]) =>
    labels.map((label) => ({ value: label.toLowerCase().replaceAll(" ", "-"), label, category })),
  ),
];
