const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `50m`, `1h30m` in milliseconds; `undefined` for what is no such time. */
export function readDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,6})([smhd])/gu)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return undefined;
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0), 0);
}
