type Option<Value> = { readonly value: Value; readonly label: string };

/**
 * The settings that a video can have. The reference shows the first of each list; the others are named on its further
 * pages. Presets that no page names are missing.
 */
export const videoOptions = {
  defaults: {
    video_mode: "single",
    style: "preserve",
    camera: "auto",
    motion: "auto",
    duration: 8,
    resolution: "720p",
  },
  styles: [
    { value: "preserve", label: "Preserve" },
    { value: "creative", label: "Creative" },
  ],
  camera_presets: [
    { value: "auto", label: "Auto" },
    { value: "orbit", label: "Orbit" },
  ],
  motion_presets: [
    { value: "auto", label: "Auto" },
    { value: "hero-spin", label: "Hero Spin" },
  ],
  durations: [
    { value: 8, label: "8 seconds" },
    { value: 6, label: "6 seconds" },
    { value: 4, label: "4 seconds" },
  ],
  resolutions: [
    { value: "720p", label: "720p" },
    { value: "1080p", label: "1080p" },
  ],
} satisfies {
  readonly defaults: { readonly [setting: string]: string | number };
  readonly [list: string]:
    | readonly Option<string | number>[]
    | { readonly [setting: string]: string | number };
};
